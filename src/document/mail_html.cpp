#include "document/mail_html.h"

#include <array>
#include <set>
#include <string>
#include <vector>

#include "document/html_main.h"
#include "document/html_text.h"
#include "document/html_tree.h"
#include "document/reader.h"

namespace hone::document {
namespace {

enum class Mark : uint8_t { none, quotation, from_here_on, signature };

bool names(std::string_view attribute_value, std::string_view name) {
  for (size_t at = 0; at < attribute_value.size();) {
    const size_t end = std::min(attribute_value.find_first_of(" \t\r\n", at), attribute_value.size());
    if (attribute_value.substr(at, end - at) == name) return true;
    at = end + 1;
  }
  return false;
}

Mark mark_of(const GumboNode* node) {
  static constexpr std::array<std::string_view, 9> kQuotations = {
      "gmail_quote",          "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "gmail_attr",
      "OutlookMessageHeader", "zmail_extra",  "tutanota_quote",  "mail_quote"};
  static constexpr std::array<std::string_view, 3> kSignatures = {"gmail_signature", "moz-signature",
                                                                  "protonmail_signature_block"};
  const std::string_view classes = attribute(node, "class"), id = attribute(node, "id");
  // Outlook puts the older mail behind these, not into them.
  if (id == "divRplyFwdMsg" || id == "appendonsend" || id == "x_divRplyFwdMsg" || id == "reply-intro")
    return Mark::from_here_on;
  if (id == "Signature" || id == "signature") return Mark::signature;
  if (id == "OLK_SRC_BODY_SECTION" || id == "mail-editor-reference-message-container") return Mark::quotation;
  for (const std::string_view name : kQuotations)
    if (names(classes, name)) return Mark::quotation;
  for (const std::string_view name : kSignatures)
    if (names(classes, name)) return Mark::signature;
  if (tag_of(node) == GUMBO_TAG_BLOCKQUOTE && attribute(node, "type") == "cite") return Mark::quotation;
  return Mark::none;
}

/// What a mail's elements are marked as. Depth is bounded by parse_html's caller.
class Marks {
 public:
  explicit Marks(const GumboNode* body) { visit(body); }
  const std::vector<const GumboNode*>& quoted() const { return quoted_; }
  const std::vector<const GumboNode*>& signatures() const { return signatures_; }

 private:
  void visit(const GumboNode* node) {
    const GumboVector& inner = children(node);
    for (unsigned i = 0; i < inner.length; ++i) {
      const auto* child = static_cast<const GumboNode*>(inner.data[i]);
      const Mark mark = rest_quoted_ ? Mark::quotation : mark_of(child);
      if (mark == Mark::from_here_on) rest_quoted_ = true;
      if (mark == Mark::quotation || mark == Mark::from_here_on)
        quoted_.push_back(child);
      else if (mark == Mark::signature)
        signatures_.push_back(child);
      else
        visit(child);
    }
  }

  bool rest_quoted_ = false;
  std::vector<const GumboNode*> quoted_, signatures_;
};

const GumboNode* body_of(const GumboNode* node) {
  if (tag_of(node) == GUMBO_TAG_BODY) return node;
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i)
    if (const GumboNode* found = body_of(static_cast<const GumboNode*>(inner.data[i]))) return found;
  return nullptr;
}

}  // namespace

MailText split_mail_html(std::string_view html) {
  if (estimated_depth(html) > kMaxHtmlDepth)
    throw Refused(reason::kTooLarge, "nests elements deeper than " + std::to_string(kMaxHtmlDepth));
  if (most_attributes(html) > kMaxHtmlAttributes)
    throw Refused(reason::kTooLarge, "has a tag of more than " + std::to_string(kMaxHtmlAttributes) + " attributes");
  const HtmlTree tree = parse_html(html);
  MailText text;
  const GumboNode* body = body_of(tree->root);
  if (body == nullptr) return text;
  const TextWeights weights(body);
  const Marks marks(body);
  MainContent fresh{body, {}, nullptr};
  for (const auto* list : {&marks.quoted(), &marks.signatures()})
    fresh.peeled.insert(list->begin(), list->end());
  text.fresh = html_text(fresh, weights);
  const auto all_of = [&](const std::vector<const GumboNode*>& nodes) {
    std::string joined;
    for (const GumboNode* node : nodes) {
      if (!is_element(node)) continue;
      const std::string one = html_text(MainContent{node, {}, nullptr}, weights);
      if (!joined.empty() && !one.empty()) joined += '\n';
      joined += one;
    }
    return joined;
  };
  text.quoted = all_of(marks.quoted());
  text.signature = all_of(marks.signatures());
  return text;
}

}  // namespace hone::document
