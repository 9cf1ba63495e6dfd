#include "formats/rope_config.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.h"

namespace hone::formats {
namespace {

using nlohmann::json;

constexpr int64_t kMaxPositions = int64_t{1} << 31;
constexpr std::array<std::pair<const char*, RopeType>, 5> kTypes = {{{"default", RopeType::plain},
                                                                     {"linear", RopeType::linear},
                                                                     {"dynamic", RopeType::dynamic},
                                                                     {"llama3", RopeType::llama3},
                                                                     {"yarn", RopeType::yarn}}};

/// What may stand beside the dictionary instead of in it.
struct Beside {
  std::optional<double> theta;
  std::optional<int64_t> original_max_positions;
  int64_t max_positions;
};

RopeType read_type(ConfigReader& inside) {
  const auto type = inside.text("rope_type"), older = inside.text("type");
  if (type && older && *type != *older) inside.refuse("type", "and \"rope_type\" differ");
  const std::string name = type ? *type : older.value_or("default");
  for (const auto& [spelt, meant] : kTypes)
    if (name == spelt) return meant;
  inside.refuse(type ? "rope_type" : "type",
                "is \"" + name.substr(0, 200) + "\"; default, linear, dynamic, llama3 and yarn are supported");
}

/// Of the type's name in a message.
std::string name_of(RopeType type) {
  for (const auto& [spelt, meant] : kTypes)
    if (meant == type) return spelt;
  return "?";
}

int64_t read_original(ConfigReader& inside, const Beside& beside) {
  const std::string key = "original_max_position_embeddings";
  const auto original = inside.integer(key, 1, kMaxPositions);
  if (original && beside.original_max_positions && *original != *beside.original_max_positions)
    inside.refuse(key, "differs from the one beside it");
  return original ? *original : beside.original_max_positions.value_or(beside.max_positions);
}

void read_llama3(ConfigReader& inside, RopeConfig& rope) {
  const auto low = inside.number("low_freq_factor"), high = inside.number("high_freq_factor");
  if (!low || !high) inside.refuse(low ? "high_freq_factor" : "low_freq_factor", "is missing");
  rope.low_freq_factor = *low;
  rope.high_freq_factor = *high;
}

void read_yarn(ConfigReader& inside, RopeConfig& rope) {
  const auto or_default = [&](const char* key, double usual) {
    const double value = inside.number(key).value_or(usual);
    return value == 0.0 ? usual : value;  // as the reference: 0 is not set
  };
  rope.beta_fast = or_default("beta_fast", 32.0);
  rope.beta_slow = or_default("beta_slow", 1.0);
  const bool unset = inside.has("truncate");  // null, which the reference takes for false
  rope.truncate = inside.boolean("truncate").value_or(!unset);
  rope.attention_factor = inside.number("attention_factor");
  rope.mscale = inside.number("mscale");
  rope.mscale_all_dim = inside.number("mscale_all_dim");
  inside.ignore("finetuned");  // a note of the first yarn models
}

RopeConfig read_dictionary(const json& object, const std::string& where, const Beside& beside) {
  ConfigReader inside(object, where);
  RopeConfig rope;
  rope.type = read_type(inside);
  const auto theta = inside.number("rope_theta");
  if (theta && beside.theta && *theta != *beside.theta)
    inside.refuse("rope_theta", "differs from the rope_theta beside it");
  rope.theta = theta ? *theta : beside.theta.value_or(rope.theta);
  if (inside.number("partial_rotary_factor").value_or(1.0) != 1.0)
    inside.refuse("partial_rotary_factor", "is not 1; this is not supported");
  const auto factor = inside.number("factor");
  if (rope.type == RopeType::plain) {
    if (factor && *factor != 1.0) inside.refuse("factor", "has no meaning with rope_type default");
  } else {
    const bool derived = rope.type == RopeType::yarn && inside.has("factor");  // null: from the two contexts
    if (!factor && !derived) inside.refuse("factor", "is missing for rope_type " + name_of(rope.type));
    rope.factor = factor.value_or(1.0);
  }
  if (rope.type == RopeType::llama3 || rope.type == RopeType::yarn)
    rope.original_max_positions = read_original(inside, beside);
  if (rope.type == RopeType::llama3) read_llama3(inside, rope);
  if (rope.type == RopeType::yarn) {
    read_yarn(inside, rope);
    if (!factor)
      rope.factor = static_cast<double>(beside.max_positions) / static_cast<double>(rope.original_max_positions);
  }
  inside.refuse_unknown();
  return rope;
}

void require(bool holds, const std::string& where, const std::string& what) {
  if (!holds) throw Error(ExitCode::data, where + ": " + what);
}

bool positive(double value) { return std::isfinite(value) && value > 0.0; }

}  // namespace

RopeConfig read_rope(ConfigReader& reader, const ModelConfig& config, const std::string& where) {
  const json* newer = reader.object("rope_parameters");
  const json* older = reader.object("rope_scaling");
  const Beside beside{.theta = reader.number("rope_theta"),
                      .original_max_positions = reader.integer("original_max_position_embeddings", 1, kMaxPositions),
                      .max_positions = config.max_positions};
  RopeConfig rope;
  rope.theta = beside.theta.value_or(rope.theta);
  if (newer != nullptr) rope = read_dictionary(*newer, where + ": rope_parameters", beside);
  if (older == nullptr) return rope;
  const RopeConfig other = read_dictionary(*older, where + ": rope_scaling", beside);
  if (newer != nullptr && other != rope) reader.refuse("rope_scaling", "and \"rope_parameters\" are both there and differ");
  return other;
}

void check_rope(const ModelConfig& config, const std::string& where) {
  const RopeConfig& rope = config.rope;
  require(config.head_dim % 2 == 0, where, "head_dim must be even for rotary positions");
  require(positive(rope.theta), where, "rope_theta must be above 0");
  require(positive(rope.factor), where, "the factor of rope scaling must be above 0");
  if (rope.type == RopeType::dynamic)
    require(config.head_dim > 2, where, "rope_type dynamic needs a head_dim above 2");
  if (rope.type == RopeType::llama3 || rope.type == RopeType::yarn)
    require(rope.original_max_positions > 0, where,
            "rope scaling " + name_of(rope.type) + " needs original_max_position_embeddings above 0");
  if (rope.type == RopeType::llama3)
    require(positive(rope.low_freq_factor) && positive(rope.high_freq_factor) &&
                rope.high_freq_factor > rope.low_freq_factor,
            where, "rope scaling llama3 needs high_freq_factor above low_freq_factor above 0");
  if (rope.type != RopeType::yarn) return;
  require(rope.theta > 1.0, where, "rope scaling yarn needs a rope_theta above 1");
  require(positive(rope.beta_fast) && positive(rope.beta_slow), where,
          "rope scaling yarn needs beta_fast and beta_slow above 0");
  require(positive(rope.attention_factor.value_or(1.0)), where, "attention_factor of rope scaling must be above 0");
  for (const auto& [key, value] : {std::pair("mscale", rope.mscale), {"mscale_all_dim", rope.mscale_all_dim}})
    require(!value || (std::isfinite(*value) && *value >= 0.0), where,
            std::string(key) + " of rope scaling must not be below 0");
}

json rope_json(const RopeConfig& rope) {
  json result = {{"rope_theta", rope.theta}, {"rope_type", name_of(rope.type)}};
  if (rope.type == RopeType::plain) return result;
  result["factor"] = rope.factor;
  if (rope.type == RopeType::llama3 || rope.type == RopeType::yarn)
    result["original_max_position_embeddings"] = rope.original_max_positions;
  if (rope.type == RopeType::llama3) {
    result["low_freq_factor"] = rope.low_freq_factor;
    result["high_freq_factor"] = rope.high_freq_factor;
  }
  if (rope.type != RopeType::yarn) return result;
  result["beta_fast"] = rope.beta_fast;
  result["beta_slow"] = rope.beta_slow;
  result["truncate"] = rope.truncate;
  if (rope.attention_factor) result["attention_factor"] = *rope.attention_factor;
  if (rope.mscale) result["mscale"] = *rope.mscale;
  if (rope.mscale_all_dim) result["mscale_all_dim"] = *rope.mscale_all_dim;
  return result;
}

}  // namespace hone::formats
