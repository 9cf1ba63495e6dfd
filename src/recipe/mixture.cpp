#include "recipe/mixture.h"

namespace hone::recipe {

void describe(Binder& bind, MixtureOptions& options) {
  bind("source", options.source, "name of a source in corpus.sources");
  bind("weight", options.weight, "times its documents are read in an epoch; with 0.5 one half, and the other in the next").range(0, 1000);
  bind("share", options.share, "share of an epoch's trained tokens that comes from it, instead of a weight").share().range(0, 0.99);
  bind("epochs", options.epochs, "it is read in the first so many epochs alone; by default in all").at_least(1);
}

}  // namespace hone::recipe
