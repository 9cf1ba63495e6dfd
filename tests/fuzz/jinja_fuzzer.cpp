/// A template of any content, with messages as chat templates get them, is a text or an Error: within its limits, without leaks.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "jinja/template.h"

namespace {

using hone::jinja::Dict;

const Dict& context() {
  static const Dict kContext = [] {
    const auto json = nlohmann::ordered_json::parse(R"({
      "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "안녕하세요? <a> & 'b'"},
                   {"role": "assistant", "content": " Hi. ", "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1.5, "y": null}}}]}],
      "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}],
      "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": true, "doc": {"question": "q", "choices": ["a", "b"], "n": -7}})");
    Dict dict;
    for (const auto& [name, value] : json.items()) dict.put(std::string(name), hone::jinja::from_json(value));
    return dict;
  }();
  return kContext;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::jinja;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  for (TemplateOptions options : {TemplateOptions::chat(), TemplateOptions::task()}) {
    options.max_steps = 200'000;
    try {
      const Rendered rendered = Template(source, options, "fuzz").render(context());
      for (const auto& [begin, end] : rendered.generated)
        if (begin > end || end > rendered.text.size()) std::abort();
    } catch (const hone::Error&) {
    }
  }
  return 0;
}
