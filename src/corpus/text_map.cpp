#include "corpus/text_map.h"

#include <algorithm>

#include "base/error.h"

namespace hone::corpus {
namespace {

using Span = TextMap::Span;

bool is_deletion(const Span& span) { return span.begin == span.end; }
bool is_insertion(const Span& span) { return span.original_begin == span.original_end; }

/// Whether an edit that covers [begin, end) of the current text changes what `span` put there or lies around its gap.
bool touches(size_t begin, size_t end, const Span& span) {
  if (begin == end) {
    if (is_deletion(span)) return begin == span.begin;
    // Two insertions at one place would have no order in a ledger.
    if (is_insertion(span)) return begin >= span.begin && begin <= span.end;
    return span.begin < begin && begin < span.end;
  }
  if (is_deletion(span)) return begin < span.begin && span.begin < end;
  return std::max(begin, span.begin) < std::min(end, span.end);
}

void note(std::vector<uint16_t>& rules, uint16_t rule) {
  const auto at = std::lower_bound(rules.begin(), rules.end(), rule);
  if (at == rules.end() || *at != rule) rules.insert(at, rule);
}

/// One pass over spans and edits side by side, both sorted; builds the new text and the new spans.
class Composer {
 public:
  Composer(const std::string& original, const std::string& text, std::vector<Span>& spans, std::vector<Edit>& edits, uint16_t rule,
           Family family)
      : original_(original), text_(text), spans_(spans), edits_(edits), rule_(rule), family_(family) {
    result_.reserve(text.size() + 16);
    new_spans_.reserve(spans.size() + edits.size());
  }

  void run() {
    while (span_ < spans_.size() || edit_ < edits_.size()) {
      if (edit_ == edits_.size()) {
        keep_span();
      } else if (span_ == spans_.size()) {
        replace_group(edit_ + 1, span_);
      } else if (touches(edits_[edit_].begin, edits_[edit_].end, spans_[span_])) {
        replace_touching();
      } else if (spans_[span_].end <= edits_[edit_].begin) {
        keep_span();
      } else {
        replace_touching();  // the edit comes first, but may reach a later span
      }
    }
    copy_to(text_.size());
  }

  std::string take_text() { return std::move(result_); }
  std::vector<Span> take_spans() { return std::move(new_spans_); }

 private:
  void copy_to(size_t position) {
    result_.append(text_, copied_, position - copied_);
    copied_ = position;
  }

  void keep_span() {
    Span& span = spans_[span_++];
    copy_to(span.begin);
    const size_t begin = result_.size();
    copy_to(span.end);
    shift_ = span.original_end - span.end;
    span.begin = begin;
    span.end = result_.size();
    new_spans_.push_back(std::move(span));
  }

  /// Gathers all edits and spans that hang together, starting with the next edit.
  void replace_touching() {
    size_t begin = edits_[edit_].begin, end = edits_[edit_].end;
    size_t edits_end = edit_ + 1, spans_end = span_;
    for (bool grew = true; grew;) {
      grew = false;
      while (spans_end < spans_.size() && touches_any(edits_end, spans_[spans_end])) {
        begin = std::min(begin, spans_[spans_end].begin);
        end = std::max(end, spans_[spans_end].end);
        ++spans_end;
        grew = true;
      }
      while (edits_end < edits_.size() && spans_end > span_ && touches_last(edits_[edits_end], spans_end)) {
        end = std::max(end, edits_[edits_end].end);
        ++edits_end;
        grew = true;
      }
    }
    const Edit& edit = edits_[edit_];
    if (edits_end == edit_ + 1 && edit.replacement.empty() &&
        std::all_of(spans_.begin() + static_cast<ptrdiff_t>(span_), spans_.begin() + static_cast<ptrdiff_t>(spans_end),
                    [&edit](const Span& span) { return span.begin >= edit.begin && span.end <= edit.end; })) {
      delete_around(spans_end);
    } else {
      replace_group(edits_end, spans_end);
    }
  }

  bool touches_any(size_t edits_end, const Span& span) const {
    const Edit& last = edits_[edits_end - 1];
    return touches(last.begin, last.end, span);
  }
  bool touches_last(const Edit& edit, size_t spans_end) const { return touches(edit.begin, edit.end, spans_[spans_end - 1]); }

  /// A pure deletion with earlier spans inside: deletions keep their own span, and what was put there goes piece by piece.
  void delete_around(size_t spans_end) {
    const Edit& edit = edits_[edit_++];
    copy_to(edit.begin);
    size_t position = edit.begin;
    const auto piece = [&](size_t until) {
      if (until > position) add_span(position + shift_, until + shift_, {}, edit, {}, rule_);
      position = until;
    };
    for (; span_ < spans_end; ++span_) {
      Span& span = spans_[span_];
      piece(span.begin);
      position = span.end;
      shift_ = span.original_end - span.end;
      if (is_deletion(span)) {
        span.begin = span.end = result_.size();
        new_spans_.push_back(std::move(span));
      } else {
        note(span.also, span.rule);
        add_span(span.original_begin, span.original_end, {}, edit, std::move(span.also), rule_);
      }
    }
    piece(edit.end);
    copied_ = edit.end;
  }

  void replace_group(size_t edits_end, size_t spans_end) {
    const bool has_spans = spans_end > span_;
    const Edit& first = edits_[edit_];
    const Edit& last = edits_[edits_end - 1];
    size_t begin = first.begin, end = last.end;
    size_t original_begin = begin + shift_;
    std::vector<uint16_t> also;
    const Span* weightier = nullptr;
    if (has_spans) {
      if (spans_[span_].begin <= begin) {
        begin = spans_[span_].begin;
        original_begin = spans_[span_].original_begin;
      }
      const Span& final_span = spans_[spans_end - 1];
      shift_ = final_span.original_end - final_span.end;
      end = std::max(end, final_span.end);
      for (size_t i = span_; i < spans_end; ++i) {
        note(also, spans_[i].rule);
        for (const uint16_t rule : spans_[i].also) note(also, rule);
        if (spans_[i].family != Family::normalise) weightier = &spans_[i];
      }
    }
    copy_to(begin);
    std::string replacement;
    size_t position = begin;
    for (; edit_ < edits_end; ++edit_) {
      const Edit& edit = edits_[edit_];
      replacement.append(text_, position, edit.begin - position);
      replacement += edit.replacement;
      position = edit.end;
    }
    replacement.append(text_, position, end - position);
    copied_ = end;
    Edit owner = {.kind = last.kind, .family = last.family};
    uint16_t rule = rule_;
    if (weightier != nullptr && last.family.value_or(family_) == Family::normalise) {
      owner = {.kind = weightier->kind, .family = weightier->family};
      rule = weightier->rule;
      note(also, rule_);
    }
    span_ = spans_end;
    add_span(original_begin, end + shift_, std::move(replacement), owner, std::move(also), rule);
  }

  void add_span(size_t original_begin, size_t original_end, std::string replacement, const Edit& owner, std::vector<uint16_t> also,
                uint16_t rule) {
    const size_t begin = result_.size();
    result_ += replacement;
    if (std::string_view{original_}.substr(original_begin, original_end - original_begin) == replacement) return;
    also.erase(std::remove(also.begin(), also.end(), rule), also.end());
    new_spans_.push_back({original_begin, original_end, begin, result_.size(), rule, owner.family.value_or(family_), owner.kind,
                          std::move(also)});
  }

  const std::string& original_;
  const std::string& text_;
  std::vector<Span>& spans_;
  std::vector<Edit>& edits_;
  const uint16_t rule_;
  const Family family_;
  size_t span_ = 0, edit_ = 0;
  size_t copied_ = 0;  ///< Of text_, into result_.
  size_t shift_ = 0;   ///< original offset - current offset behind the last span (modulo 2^64).
  std::string result_;
  std::vector<Span> new_spans_;
};

}  // namespace

TextMap::TextMap(std::string original, std::vector<Span> spans, const std::vector<std::string>& replacements)
    : original_(std::move(original)), spans_(std::move(spans)) {
  HONE_ASSERT(spans_.size() == replacements.size());
  size_t copied = 0;
  for (size_t i = 0; i < spans_.size(); ++i) {
    Span& span = spans_[i];
    text_.append(original_, copied, span.original_begin - copied);
    span.begin = text_.size();
    text_ += replacements[i];
    span.end = text_.size();
    copied = span.original_end;
  }
  if (!spans_.empty()) text_.append(original_, copied);
}

std::string_view TextMap::original_of(const Span& span) const {
  return std::string_view{original_}.substr(span.original_begin, span.original_end - span.original_begin);
}

std::string_view TextMap::replacement_of(const Span& span) const {
  return std::string_view{text_}.substr(span.begin, span.end - span.begin);
}

std::pair<size_t, size_t> TextMap::original_range(size_t begin, size_t end) const {
  // A start lies behind what was removed there, an end before it.
  const auto at = [this](size_t position, bool is_end) {
    const auto after = std::partition_point(spans_.begin(), spans_.end(),
                                            [&](const Span& span) { return is_end ? span.begin < position : span.begin <= position; });
    if (after == spans_.begin()) return position;
    const Span& span = *std::prev(after);
    if (is_end ? position <= span.end : position < span.end) return is_end ? span.original_end : span.original_begin;
    return span.original_end + (position - span.end);
  };
  return {at(begin, false), at(end, true)};
}

void TextMap::apply(std::vector<Edit> edits, uint16_t rule, Family family) {
  if (edits.empty()) return;
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin || (a.begin == b.begin && a.end < b.end); });
  size_t end = 0;
  for (const Edit& edit : edits) {
    HONE_ASSERT(edit.begin >= end && edit.begin <= edit.end && edit.end <= text().size());
    end = edit.end;
  }
  Composer composer(original_, text(), spans_, edits, rule, family);
  composer.run();
  std::string text = composer.take_text();
  spans_ = composer.take_spans();
  text_ = spans_.empty() ? std::string() : std::move(text);
}

}  // namespace hone::corpus
