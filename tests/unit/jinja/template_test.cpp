/// Templates against what Python's Jinja made of them (tests/fixtures/jinja.py), and against what a template must not do to us.
#include "jinja/template.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/lines.h"
#include "support/shared.h"

namespace hone::jinja {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Json> cases() {
  std::vector<Json> all;
  base::LineReader reader(test::source() / "tests" / "fixtures" / "jinja" / "cases.jsonl");
  while (const auto line = reader.next()) all.push_back(Json::parse(*line));
  return all;
}

Dict context_of(const Json& json) { return *from_json(json).dict(); }

std::string rendered(const std::string& source, TemplateOptions options = TemplateOptions::chat(), const Dict& context = {}) {
  return Template(source, options, "test").render(context).text;
}

TEST(Jinja, RendersWhatPythonRenders) {
  const std::vector<Json> all = cases();
  ASSERT_GT(all.size(), 600u);
  const Dict context = context_of(all.back().at("context"));
  for (const Json& each : all) {
    if (!each.contains("template")) continue;
    const auto source = each.at("template").get<std::string>();
    const auto options = each.at("style") == "chat" ? TemplateOptions::chat() : TemplateOptions::task();
    SCOPED_TRACE(each.at("style").get<std::string>() + ": " + source);
    try {
      const std::string text = rendered(source, options, context);
      if (each.contains("error")) ADD_FAILURE() << "Python refuses it; here it is " << text;
      else EXPECT_EQ(text, each.at("text").get<std::string>());
    } catch (const Error& error) {
      EXPECT_TRUE(each.contains("error")) << error.what();
    }
  }
}

TEST(Jinja, SaysWhereAndWhatIsWrong) {
  const auto message = [](const std::string& source) {
    try {
      rendered(source);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(message("a\n{{ x.y }}"), "test:2: x is undefined");
  EXPECT_EQ(message("{{ raise_exception('roles must alternate') }}"), "test:1: roles must alternate");
  EXPECT_EQ(message("\n\n{% include 'a' %}"), "test:3: {% include %} is not among the parts of Jinja that Hone has; write the template without it");
  EXPECT_EQ(message("{{ 'a'|nosuch }}"), "test:1: there is no filter called nosuch");
  EXPECT_EQ(message("{% if true %}"), "test:1: the block is not closed by {% endif %}");
}

TEST(Jinja, MarksWhatTheAssistantWrites) {
  const Rendered out = Template("u{% generation %}한글{% endgeneration %}v{% generation %}x{% endgeneration %}", TemplateOptions::chat(), "test").render({});
  EXPECT_EQ(out.text, "u한글vx");
  EXPECT_EQ(out.generated, (std::vector<std::pair<size_t, size_t>>{{1, 7}, {8, 9}}));
}

TEST(Jinja, HostileTemplatesEndInAnError) {
  const std::string deep(100000, '('), nested(100000, '[');
  std::string blocks, dots = "{{ x";
  for (int i = 0; i < 100000; ++i) blocks += "{% if 1 %}", dots += ".a";
  for (const std::string& source : std::vector<std::string>
       {"{{ " + deep + " }}", "{{ " + nested + " }}", blocks, "{% for a in range(1000000) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}",
        std::string("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"), std::string("{{ 'a' * 100000000 }}"), std::string("{{ range(100000000) }}"),
        std::string("{% set x = 'aaaaaaaaaaaaaaaa' %}{% for i in range(100) %}{% set x = x ~ x %}{% endfor %}{% for i in range(1000000) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}"),
        std::string("{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}"),
        std::string("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}"),
        std::string("{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}"),
        std::string("{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = [ns.x.index] %}{% endfor %}"),
        std::string("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}"),
        std::string("{% set ns = namespace(x='aa') %}{% for i in range(60) %}{% set ns.x = ns.x.replace('a', 'aaaaaaaaaaaaaaaaaaaa') %}{% endfor %}"),
        std::string("{{ 'ab' * 9223372036854775807 }}"), dots + " }}"}) {
    EXPECT_THROW(rendered(source), Error) << source.substr(0, 60);
  }
}

}  // namespace
}  // namespace hone::jinja
