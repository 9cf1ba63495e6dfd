#include "recipe/ocr.h"

namespace hone::recipe {

void describe(Binder& bind, OcrOptions& options) {
  bind("use", options.use,
       "on: read the pages of PDF documents without a text layer with tesseract; off: reject them by name");
  bind("languages", options.languages, "tesseract's names of the languages to look for, such as [kor, eng]");
}

}  // namespace hone::recipe
