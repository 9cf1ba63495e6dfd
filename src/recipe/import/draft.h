#pragma once
/// A recipe being written from something else: options by their dotted path, each with a word on where its value
/// comes from. Every value goes through the recipe's own description, so what is rendered is a recipe that loads;
/// a value it does not take is listed among the losses instead.
#include <map>
#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "recipe/value.h"

namespace hone::recipe {

/// Something of the original that the recipe cannot say.
struct Loss {
  Mark mark;
  std::string key;
  std::string why;  ///< What it means for the training.
};

class RecipeDraft {
 public:
  RecipeDraft();
  RecipeDraft(const RecipeDraft&) = delete;
  RecipeDraft& operator=(const RecipeDraft&) = delete;

  /// "training.learning_rate"; elements of lists by number: "corpus.sources.0.path". False when the value is not
  /// taken; that is then a loss of `origin`.
  bool put(const std::string& path, const Value& value, const std::string& origin);
  bool put(const std::string& path, const std::string& text, const std::string& origin, const Mark& mark = {});
  bool has(const std::string& path) const { return origins_.count(path) > 0; }

  /// A line of comment above the first section.
  void note(const std::string& text);
  void lose(const Mark& mark, const std::string& key, const std::string& why);

  /// Index of a new element of corpus.sources.
  size_t add_source() { return sources_++; }
  size_t sources() const { return sources_; }

  const Recipe& recipe() const { return recipe_; }
  const std::vector<Loss>& losses() const { return losses_; }
  /// The whole file, `title` as its first comment.
  std::string yaml(const std::string& title) const;

 private:
  Field* find(const std::string& path, Section& holder);
  void render(const Section& section, const std::string& prefix, size_t indent, std::string& out) const;
  void render_list(const Field& field, const std::string& path, size_t indent, std::string& out) const;
  bool any_below(const std::string& prefix) const;

  Recipe recipe_;
  Section root_;
  std::map<std::string, std::string> origins_;  ///< By path of an option that was put.
  std::vector<std::string> notes_;
  std::vector<Loss> losses_;
  size_t sources_ = 0;
};

/// One line of printable text of at most 160 characters: what is quoted from a file cannot break out of a comment.
std::string comment_text(const std::string& text);

}  // namespace hone::recipe
