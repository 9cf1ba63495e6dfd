#include "recipe/import/foreign.h"

#include <algorithm>
#include <map>

#include "recipe/binder.h"

namespace hone::recipe {
namespace fs = std::filesystem;

namespace {

bool is_empty(const Value& value) {
  return value.kind == Value::Kind::null || (value.kind == Value::Kind::scalar && value.scalar.empty()) ||
         (value.kind == Value::Kind::sequence && value.items.empty()) || (value.kind == Value::Kind::mapping && value.entries.empty());
}

bool matches(const std::string& pattern, const std::string& key) {
  if (pattern.back() != '*') return pattern == key;
  return key.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

bool is_true(const Value& value) {
  const std::string word = lower(value.scalar);
  return word == "true" || word == "yes" || word == "on" || word == "1";
}

bool looks_like_hub_name(const std::string& text) {
  return std::count(text.begin(), text.end(), '/') == 1 && text.front() != '/' && text.front() != '.' && text.front() != '~' &&
         text.back() != '/' && text.find_first_of(" \\:*?{[") == std::string::npos && !text.ends_with(".json") &&
         !text.ends_with(".jsonl") && !text.ends_with(".csv");
}

}  // namespace

std::string plain_text(const Value& value) {
  if (value.kind == Value::Kind::scalar) return value.scalar;
  std::string text;
  for (const Value& item : value.items) text += (text.empty() ? "" : ", ") + plain_text(item);
  if (value.kind == Value::Kind::mapping) text = "{…}";
  return text;
}

Foreign::Foreign(const Value& mapping, RecipeDraft& draft, const Folders& folders, std::string prefix)
    : mapping_(mapping), draft_(draft), folders_(folders), prefix_(std::move(prefix)) {}

const Value* Foreign::take(const std::string& key) {
  taken_.insert(key);
  const Value* value = mapping_.kind == Value::Kind::mapping ? mapping_.find(key) : nullptr;
  return value != nullptr && !is_empty(*value) ? value : nullptr;
}

std::string Foreign::text(const std::string& key, const std::string& otherwise) {
  const Value* value = take(key);
  return value != nullptr ? plain_text(*value) : otherwise;
}

bool Foreign::flag(const std::string& key, bool otherwise) {
  const Value* value = take(key);
  return value != nullptr ? is_true(*value) : otherwise;
}

std::optional<double> Foreign::number(const std::string& key) {
  const Value* value = take(key);
  return value != nullptr && value->kind == Value::Kind::scalar ? parse_number(value->scalar, false) : std::nullopt;
}

bool Foreign::has(const std::string& key) const {
  const Value* value = mapping_.kind == Value::Kind::mapping ? mapping_.find(key) : nullptr;
  return value != nullptr && !is_empty(*value);
}

std::string Foreign::origin(const std::string& key) const { return prefix_ + key; }

bool Foreign::move(const std::string& key, const std::string& option) {
  const Value* value = take(key);
  if (value == nullptr) return false;
  draft_.put(option, *value, origin(key));
  return true;
}

void Foreign::move_all(const std::vector<Renamed>& table) {
  for (const Renamed& row : table)
    if (!draft_.has(row.option))
      move(row.key, row.option);
    else if (has(row.key))
      lose(row.key, std::string(row.option) + " is already set by another key");
}

void Foreign::otherwise(const std::string& option, const std::string& value, const std::string& whose) {
  if (!draft_.has(option)) draft_.put(option, value, "default of " + whose);
}

void Foreign::lose(const std::string& key, const std::string& why) {
  taken_.insert(key);
  const Value* value = mapping_.kind == Value::Kind::mapping ? mapping_.find(key) : nullptr;
  draft_.lose(value != nullptr ? value->mark : mapping_.mark, origin(key) + (value != nullptr ? ": " + plain_text(*value) : ""), why);
}

void Foreign::finish(const std::vector<Idle>& idle) {
  if (mapping_.kind != Value::Kind::mapping) return;
  for (const Value::Entry& entry : mapping_.entries) {
    if (taken_.count(entry.key) > 0 || is_empty(entry.value)) continue;
    const auto known = std::find_if(idle.begin(), idle.end(), [&](const Idle& row) { return matches(row.key, entry.key); });
    draft_.lose(entry.mark, origin(entry.key) + ": " + plain_text(entry.value),
                known != idle.end() ? known->why : "Hone knows no such option; look it up before relying on the result");
  }
}

std::string Foreign::path(const std::string& text) const {
  const fs::path given(text);
  if (given.empty() || given.is_absolute()) return text;
  std::error_code ignored;
  for (const fs::path& folder : {fs::path(), folders_.file}) {
    const fs::path there = folder / given;
    if (!fs::exists(there, ignored)) continue;
    const fs::path seen = fs::proximate(fs::absolute(there, ignored), fs::absolute(folders_.out, ignored), ignored);
    return seen.empty() ? text : seen.string();
  }
  return text;
}

void put_optimizer(Foreign& foreign, const std::string& key, const std::string& name) {
  static const std::map<std::string, const char*> kNames = {{"adamw_torch", "adamw"},
                                                            {"adamw_torch_fused", "adamw"},
                                                            {"adamw_hf", "adamw"},
                                                            {"adamw", "adamw"},
                                                            {"torch.optim.adamw", "adamw"},
                                                            {"adamw_anyprecision", "adamw"},
                                                            {"paged_adamw_32bit", "adamw"},
                                                            {"paged_adamw", "adamw"},
                                                            {"adamw_apex_fused", "adamw"},
                                                            {"torch.optim.adam", "adamw"},
                                                            {"adamw_bnb_8bit", "adamw_8bit"},
                                                            {"adamw_8bit", "adamw_8bit"},
                                                            {"paged_adamw_8bit", "adamw_8bit"},
                                                            {"ao_adamw_8bit", "adamw_8bit"},
                                                            {"adamw_torch_8bit", "adamw_8bit"},
                                                            {"bitsandbytes.optim.adamw8bit", "adamw_8bit"},
                                                            {"bitsandbytes.optim.pagedadamw8bit", "adamw_8bit"},
                                                            {"torchao.optim.adamw8bit", "adamw_8bit"},
                                                            {"torchao.prototype.low_bit_optim.adamw8bit", "adamw_8bit"},
                                                            {"bitsandbytes.optim.pagedadamw", "adamw"},
                                                            {"lion", "lion"},
                                                            {"lion_pytorch", "lion"},
                                                            {"lion_32bit", "lion"},
                                                            {"paged_lion_32bit", "lion"},
                                                            {"lion_8bit", "lion"},
                                                            {"paged_lion_8bit", "lion"},
                                                            {"muon", "muon"}};
  const auto known = kNames.find(lower(name));
  if (known == kNames.end()) {
    foreign.lose(key, "Hone has adamw, adamw_8bit, lion and muon; adamw is used instead");
    return;
  }
  const Value* value = foreign.take(key);
  foreign.draft().put("training.optimizer", known->second, foreign.origin(key) + ": " + name, value != nullptr ? value->mark : Mark{});
  if (lower(name).starts_with("paged"))
    foreign.draft().note(foreign.origin(key) + ": " + name +
                         ": moments are not paged to the host; memory is checked before the first step");
  if (lower(name) == "torch.optim.adam") foreign.lose(key, "Adam without decoupled decay becomes adamw: equal only with weight_decay 0");
}

void put_schedule(Foreign& foreign, const std::string& key, const std::string& name) {
  const std::string origin = foreign.origin(key) + ": " + name;
  RecipeDraft& draft = foreign.draft();
  foreign.take(key);
  const auto to = [&](const char* shape, const char* last) {
    draft.put("training.lr_scheduler", shape, origin);
    if (last != nullptr && !draft.has("training.lr_final_ratio")) draft.put("training.lr_final_ratio", last, "where " + name + " ends");
  };
  const std::string known = lower(name);
  if (known == "cosine" || known.ends_with("get_cosine_schedule_with_warmup"))
    to("cosine", "0");
  else if (known == "linear" || known.ends_with("get_linear_schedule_with_warmup"))
    to("linear", "0");
  else if (known == "constant" || known == "constant_with_warmup")
    to("constant", nullptr);
  else if (known == "cosine_with_min_lr" || known == "cosine_warmup_with_min_lr")
    to("cosine", nullptr);
  else if (known == "warmup_stable_decay")
    to("wsd", nullptr);
  else
    foreign.lose(key, "Hone has cosine, linear, constant and wsd; cosine is used instead");
}

void put_targets(Foreign& foreign, const std::string& key, const std::vector<std::string>& names) {
  static const std::set<std::string> kLayers = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
  Value list;
  list.kind = Value::Kind::sequence;
  std::string unknown;
  for (std::string name : names) {
    name.erase(0, name.find_first_not_of(' ') == std::string::npos ? name.size() : name.find_first_not_of(' '));
    if (name == "output_proj") name = "o_proj";
    if (name == "all" || name == "all-linear")
      name = "all-linear";
    else if (kLayers.count(name) == 0) {
      unknown += (unknown.empty() ? "" : ", ") + name;
      continue;
    }
    Value item;
    item.kind = Value::Kind::scalar;
    item.scalar = name;
    list.items.push_back(item);
  }
  if (!unknown.empty())
    foreign.lose(key, unknown + ": not one of the seven linear layers; embed_tokens and lm_head go into model.lora.modules_to_save");
  foreign.take(key);
  if (!list.items.empty()) foreign.draft().put("model.lora.target_modules", list, foreign.origin(key));
}

void put_model(Foreign& foreign, const std::string& key, const std::string& path) {
  const Value* value = foreign.take(key);
  if (path.empty()) {
    foreign.lose(key, "no base model is named: put its folder, or org/name, into model.path");
    foreign.draft().put("model.path", "base-model", "put yours here");
    return;
  }
  foreign.draft().put("model.path", foreign.path(path), foreign.origin(key), value != nullptr ? value->mark : Mark{});
}

size_t put_source(Foreign& foreign, const std::string& key, const std::string& path, const std::string& format) {
  RecipeDraft& draft = foreign.draft();
  const size_t index = draft.add_source();
  const std::string place = "corpus.sources." + std::to_string(index) + ".";
  std::string where = foreign.path(path);
  if (where.empty()) {
    foreign.lose(key, "this data set names no file: put its path into corpus.sources");
    where = "data";
  }
  std::error_code ignored;
  if (where == path && looks_like_hub_name(path) && !fs::exists(path, ignored)) {
    where = "data/" + path + "/**/*.{jsonl,json,csv}";
    draft.note(foreign.origin(key) + ": " + path + " is a data set of the Hub, and Hone reads files: hf download --repo-type dataset " +
               path + " --local-dir data/" + path);
    draft.note("  (beside this recipe; Parquet files have to be turned into JSON Lines, see the manual on instruction data)");
  }
  draft.put(place + "path", where, foreign.origin(key) + ": " + path);
  if (format != "text") draft.put(place + "format", format, "");
  return index;
}

}  // namespace hone::recipe
