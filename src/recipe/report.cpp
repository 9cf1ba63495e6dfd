#include "recipe/report.h"

namespace hone::recipe {

void describe(Binder& bind, ExportOptions& options) {
  bind("dtype", options.dtype, "type of the weights in the exported Hugging Face folder; an adapter is merged into them");
}

void describe(Binder& bind, ReportOptions& options) { bind("language", options.language, "language of report.html"); }

void describe(Binder& bind, GovernanceOptions& options) {
  bind("purpose", options.purpose, "what the model is for, printed in the report as given");
  bind("not_for", options.not_for, "what it must not be used for, printed in the report as given");
  bind("owner", options.owner, "who answers for the model, printed in the report as given");
  bind("privacy_officer", options.privacy_officer, "whom to ask about personal data, printed in the report as given");
}

}  // namespace hone::recipe
