#include "recipe/binder.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/nearest.h"

namespace hone::recipe {

namespace {

Value scalar(std::string text) {
  Value value;
  value.kind = Value::Kind::scalar;
  value.scalar = std::move(text);
  return value;
}

Value text_value(const std::string& text) {
  Value value = scalar(text);
  value.quoted = true;
  return value;
}

std::string got(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null: return "nothing";
    case Value::Kind::sequence: return "a list";
    case Value::Kind::mapping: return "a mapping";
    case Value::Kind::scalar: break;
  }
  return value.quoted ? "the text \"" + value.scalar + "\"" : value.scalar;
}

std::optional<std::string> out_of_range(const Field& field, double number) {
  const std::string unit = field.unit.empty() ? "" : " " + field.unit;
  if (field.minimum && field.maximum && (number < *field.minimum || number > *field.maximum))
    return fmt::format("must lie between {} and {}{}, not {}", number_text(*field.minimum), number_text(*field.maximum), unit,
                       number_text(number));
  if (field.minimum && number < *field.minimum)
    return fmt::format("must be at least {}{}, not {}", number_text(*field.minimum), unit, number_text(number));
  return std::nullopt;
}

std::string without_underscores(const std::string& text) {
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool between_digits = text[i] == '_' && i > 0 && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i - 1])) &&
                                std::isdigit(static_cast<unsigned char>(text[i + 1]));
    if (!between_digits) digits += text[i];
  }
  return digits;
}

std::optional<std::string> store_number(const Field& field, const Value& value, const std::function<void(double)>& store) {
  const auto number = value.kind == Value::Kind::scalar && !value.quoted ? parse_number(value.scalar, field.is_share) : std::nullopt;
  if (!number) return fmt::format("must be a number{}, not {}", field.is_share ? " or a percentage" : "", got(value));
  if (auto wrong = out_of_range(field, *number)) return wrong;
  store(*number);
  return std::nullopt;
}

std::optional<std::string> store_integer(const Field& field, const Value& value, const std::function<void(int64_t)>& store) {
  if (field.spelled && value.kind == Value::Kind::scalar && value.scalar == field.spelled->first) {
    store(field.spelled->second);
    return std::nullopt;
  }
  const auto number = value.kind == Value::Kind::scalar && !value.quoted ? parse_integer(value.scalar) : std::nullopt;
  if (!number) return fmt::format("must be a whole number{}, not {}", field.spelled ? " or " + field.spelled->first : "", got(value));
  if (auto wrong = out_of_range(field, static_cast<double>(*number))) return wrong;
  store(*number);
  return std::nullopt;
}

}  // namespace

std::optional<double> parse_number(const std::string& raw, bool share) {
  std::string text = without_underscores(raw);
  double scale = 1.0;
  if (share && !text.empty() && text.back() == '%') {
    text.pop_back();
    scale = 0.01;
  }
  if (!text.empty() && text.front() == '+') text.erase(0, 1);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return scale == 1.0 ? number : number / 100.0;
}

std::optional<int64_t> parse_integer(const std::string& raw) {
  const std::string text = without_underscores(raw);
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc() && end == text.data() + text.size()) return number;
  const std::optional<double> real = parse_number(raw, false);  // 1e6 is a whole number too
  if (real && std::floor(*real) == *real && std::fabs(*real) < 9e15) return static_cast<int64_t>(*real);
  return std::nullopt;
}

std::string number_text(double value) { return fmt::format("{}", value); }

Field& Field::range(double from, double to) {
  minimum = from;
  maximum = to;
  return *this;
}
Field& Field::at_least(double from) {
  minimum = from;
  return *this;
}
Field& Field::in(std::string unit_name) {
  unit = std::move(unit_name);
  return *this;
}
Field& Field::also(std::vector<std::string> other_names) {
  aliases = std::move(other_names);
  return *this;
}
Field& Field::path() {
  is_path = true;
  return *this;
}
Field& Field::free() {
  is_free = true;
  return *this;
}
Field& Field::share() {
  is_share = true;
  return *this;
}
Field& Field::word(std::string spelling, int64_t number) {
  spelled.emplace(std::move(spelling), number);
  default_value = read();
  return *this;
}

Field* Section::find(std::string_view name_or_alias) {
  for (Field& field : fields) {
    if (field.name == name_or_alias) return &field;
    for (const std::string& alias : field.aliases)
      if (alias == name_or_alias) return &field;
  }
  return nullptr;
}

Field& Binder::add(std::string name, Field::Kind kind, std::string help) {
  Field& field = section_.fields.emplace_back();
  field.name = std::move(name);
  field.kind = kind;
  field.help = std::move(help);
  return field;
}

Field& Binder::operator()(std::string name, bool& value, std::string help) {
  Field& field = add(std::move(name), Field::Kind::boolean, std::move(help));
  field.read = [&value] { return scalar(value ? "true" : "false"); };
  field.write = [&value](const Value& given) -> std::optional<std::string> {
    const std::string& word = given.scalar;
    const bool plain = given.kind == Value::Kind::scalar && !given.quoted;
    if (plain && (word == "true" || word == "True" || word == "yes" || word == "on")) value = true;
    else if (plain && (word == "false" || word == "False" || word == "no" || word == "off")) value = false;
    else return "must be true or false, not " + got(given);
    return std::nullopt;
  };
  field.default_value = field.read();
  return field;
}

template <typename T>
Field& Binder::integer(std::string name, T& value, std::string help) {
  Field& field = add(std::move(name), Field::Kind::integer, std::move(help));
  field.minimum = std::is_unsigned_v<T> ? 0.0 : static_cast<double>(std::numeric_limits<T>::min());
  Field* self = &field;  // a deque's elements stay where they are
  field.read = [&value, self] {
    const bool spelled = self->spelled && static_cast<T>(self->spelled->second) == value;
    return scalar(spelled ? self->spelled->first : std::to_string(value));
  };
  field.write = [&value, self](const Value& given) {
    return store_integer(*self, given, [&](int64_t number) { value = static_cast<T>(number); });
  };
  if constexpr (!std::is_unsigned_v<T>) field.minimum.reset();
  if constexpr (sizeof(T) < 8) field.range(std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  field.default_value = field.read();
  return field;
}
Field& Binder::operator()(std::string name, int& value, std::string help) { return integer(std::move(name), value, std::move(help)); }
Field& Binder::operator()(std::string name, int64_t& value, std::string help) {
  return integer(std::move(name), value, std::move(help));
}
Field& Binder::operator()(std::string name, uint64_t& value, std::string help) {
  return integer(std::move(name), value, std::move(help));
}

Field& Binder::operator()(std::string name, double& value, std::string help) {
  Field& field = add(std::move(name), Field::Kind::number, std::move(help));
  field.read = [&value] { return scalar(number_text(value)); };
  Field* self = &field;
  field.write = [&value, self](const Value& given) { return store_number(*self, given, [&](double number) { value = number; }); };
  field.default_value = field.read();
  return field;
}

Field& Binder::operator()(std::string name, std::string& value, std::string help) {
  Field& field = add(std::move(name), Field::Kind::text, std::move(help));
  field.read = [&value] { return text_value(value); };
  field.write = [&value](const Value& given) -> std::optional<std::string> {
    if (given.kind != Value::Kind::scalar) return "must be text, not " + got(given);
    value = given.scalar;
    return std::nullopt;
  };
  field.default_value = field.read();
  return field;
}

Field& Binder::operator()(std::string name, std::vector<std::string>& value, std::string help) {
  Field& field = add(std::move(name), Field::Kind::texts, std::move(help));
  field.read = [&value] {
    Value list;
    list.kind = Value::Kind::sequence;
    for (const std::string& text : value) list.items.push_back(text_value(text));
    return list;
  };
  field.write = [&value](const Value& given) -> std::optional<std::string> {
    std::vector<std::string> texts;
    if (given.kind == Value::Kind::scalar) {
      texts.push_back(given.scalar);  // one is a list of one
    } else if (given.kind == Value::Kind::sequence) {
      for (const Value& item : given.items) {
        if (item.kind != Value::Kind::scalar) return "must be a list of texts; one of them is " + got(item);
        texts.push_back(item.scalar);
      }
    } else {
      return "must be a list of texts, not " + got(given);
    }
    value = std::move(texts);
    return std::nullopt;
  };
  field.default_value = field.read();
  return field;
}

template <typename T>
Field& Binder::maybe(std::string name, std::optional<T>& value, std::string help) {
  constexpr auto kind = std::is_same_v<T, std::string> ? Field::Kind::text
                        : std::is_same_v<T, double>    ? Field::Kind::number
                                                       : Field::Kind::integer;
  Field& field = add(std::move(name), kind, std::move(help));
  field.optional = true;
  field.read = [&value] {
    if (!value) return Value{};
    if constexpr (std::is_same_v<T, std::string>) return text_value(*value);
    else if constexpr (std::is_same_v<T, double>) return scalar(number_text(*value));
    else return scalar(std::to_string(*value));
  };
  Field* self = &field;
  field.write = [&value, self](const Value& given) -> std::optional<std::string> {
    if (given.kind == Value::Kind::null) {
      value.reset();
      return std::nullopt;
    }
    if constexpr (std::is_same_v<T, std::string>) {
      if (given.kind != Value::Kind::scalar) return "must be text, not " + got(given);
      value = given.scalar;
      return std::nullopt;
    } else if constexpr (std::is_same_v<T, double>) {
      return store_number(*self, given, [&](double number) { value = number; });
    } else {
      return store_integer(*self, given, [&](int64_t number) { value = number; });
    }
  };
  field.default_value = field.read();
  return field;
}
Field& Binder::operator()(std::string name, std::optional<double>& value, std::string help) {
  return maybe(std::move(name), value, std::move(help));
}
Field& Binder::operator()(std::string name, std::optional<int64_t>& value, std::string help) {
  return maybe(std::move(name), value, std::move(help));
}
Field& Binder::operator()(std::string name, std::optional<std::string>& value, std::string help) {
  return maybe(std::move(name), value, std::move(help));
}

Field& Binder::choice(std::string name, std::string help, std::vector<std::string> spellings, std::function<size_t()> read,
                      std::function<void(size_t)> write) {
  Field& field = add(std::move(name), Field::Kind::choice, std::move(help));
  field.choices = std::move(spellings);
  Field* self = &field;
  field.read = [self, read] { return scalar(self->choices[read()]); };
  field.write = [self, write](const Value& given) -> std::optional<std::string> {
    for (size_t i = 0; i < self->choices.size(); ++i)
      if (given.kind == Value::Kind::scalar && given.scalar == self->choices[i]) {
        write(i);
        return std::nullopt;
      }
    std::string message = fmt::format("must be one of {}, not {}", fmt::join(self->choices, ", "), got(given));
    if (given.kind == Value::Kind::scalar)
      if (const auto near = base::nearest(given.scalar, self->choices)) message += "; did you mean " + *near + "?";
    return message;
  };
  field.default_value = field.read();
  return field;
}

}  // namespace hone::recipe
