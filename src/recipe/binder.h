#pragma once
/// The one place where an option is named. A section of the recipe is a plain struct with defaults and one function
///     void describe(Binder& bind, TrainingOptions& options);
/// that names every key with its help, unit and range. Parsing, validation, --help, the JSON Schema, the resolved dump, the
/// fingerprint of a stage and docs/options.md all walk the fields recorded here.
/// A Section refers to the struct it was described from and must not outlive it.
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/value.h"

namespace hone::recipe {

struct Section;

/// An enum takes part by `constexpr std::array<std::string_view, N> names_of(E)`: the spellings of 0, 1, 2 …
template <typename E>
concept NamedEnum = std::is_enum_v<E> && requires(E e) { names_of(e).size(); };

class Field {
 public:
  enum class Kind { boolean, integer, number, text, choice, texts, section, sections };

  std::string name, help, unit;
  Kind kind = Kind::text;
  std::vector<std::string> aliases, choices;
  std::optional<double> minimum, maximum;
  bool optional = false;    ///< null or absent means "not set".
  bool is_path = false;     ///< Resolved against the file it stands in; left out of fingerprints (contents count, not places).
  bool is_free = false;     ///< May change when a run goes on; left out of fingerprints.
  std::optional<std::pair<std::string, int64_t>> spelled;  ///< Integers: word().
  bool is_share = false;    ///< Also written as a percentage: 2% is 0.02.
  Value default_value;

  std::function<Value()> read;                                           ///< The struct's present value.
  std::function<std::optional<std::string>(const Value&)> write;         ///< What is wrong, or nothing once stored.
  std::shared_ptr<Section> section;                                      ///< Kind::section: the nested fields. Kind::sections: a sample element's.
  std::function<Section(size_t index)> element;                          ///< Kind::sections: grows the list to hold `index`.
  std::function<size_t()> count;                                         ///< Kind::sections: elements now.

  Field& range(double from, double to);
  Field& at_least(double from);
  Field& in(std::string unit_name);
  Field& also(std::vector<std::string> other_names);
  Field& path();
  Field& free();
  Field& share();
  /// A spelling for one whole number, which need not lie in the range: auto for 0.
  Field& word(std::string spelling, int64_t number);
};

struct Section {
  std::deque<Field> fields;
  std::shared_ptr<void> keeps_alive;  ///< The sample element behind Kind::sections.

  Field* find(std::string_view name_or_alias);
};

class Binder {
 public:
  explicit Binder(Section& section) : section_(section) {}

  Field& operator()(std::string name, bool& value, std::string help);
  Field& operator()(std::string name, int& value, std::string help);
  Field& operator()(std::string name, int64_t& value, std::string help);
  Field& operator()(std::string name, uint64_t& value, std::string help);
  Field& operator()(std::string name, double& value, std::string help);
  Field& operator()(std::string name, std::string& value, std::string help);
  Field& operator()(std::string name, std::vector<std::string>& value, std::string help);
  Field& operator()(std::string name, std::optional<double>& value, std::string help);
  Field& operator()(std::string name, std::optional<int64_t>& value, std::string help);
  Field& operator()(std::string name, std::optional<std::string>& value, std::string help);

  template <NamedEnum E>
  Field& operator()(std::string name, E& value, std::string help) {
    std::vector<std::string> spellings;
    for (const std::string_view spelling : names_of(value)) spellings.emplace_back(spelling);
    return choice(std::move(name), std::move(help), std::move(spellings), [&value] { return static_cast<size_t>(value); },
                  [&value](size_t index) { value = static_cast<E>(index); });
  }

  /// A nested section with its own describe().
  template <typename Options>
  Field& section(std::string name, Options& options, std::string help) {
    auto nested = std::make_shared<Section>();
    Binder bind(*nested);
    describe(bind, options);
    Field& field = add(std::move(name), Field::Kind::section, std::move(help));
    field.section = std::move(nested);
    return field;
  }

  /// A list whose elements are sections.
  template <typename Options>
  Field& sections(std::string name, std::vector<Options>& list, std::string help) {
    auto sample = std::make_shared<Options>();
    auto nested = std::make_shared<Section>();
    Binder bind(*nested);
    describe(bind, *sample);
    nested->keeps_alive = sample;
    Field& field = add(std::move(name), Field::Kind::sections, std::move(help));
    field.section = std::move(nested);
    field.count = [&list] { return list.size(); };
    field.element = [&list](size_t index) {
      if (list.size() <= index) list.resize(index + 1);
      Section element;
      Binder inner(element);
      describe(inner, list[index]);
      return element;
    };
    return field;
  }

 private:
  Field& add(std::string name, Field::Kind kind, std::string help);
  Field& choice(std::string name, std::string help, std::vector<std::string> spellings, std::function<size_t()> read,
                std::function<void(size_t)> write);
  template <typename T>
  Field& integer(std::string name, T& value, std::string help);
  template <typename T>
  Field& maybe(std::string name, std::optional<T>& value, std::string help);

  Section& section_;
};

/// Numbers as people write them: 1e-4, 1.0e-4, 10_000; "2%" when `share`. Nothing when it is no number.
std::optional<double> parse_number(const std::string& text, bool share);
std::optional<int64_t> parse_integer(const std::string& text);
/// Shortest text that reads back to the same double.
std::string number_text(double value);

}  // namespace hone::recipe
