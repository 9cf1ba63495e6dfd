/// Markdown and HTML: what stays is what a reader of the page reads.
#include <gtest/gtest.h>

#include "document/shortcodes.h"
#include "reading.h"

namespace hone::document {
namespace {

std::string markdown(std::string_view text) { return one_document(text, "a.md").text; }
std::string html(std::string_view text) { return one_document(text, "a.html").text; }

TEST(Markdown, FrontMatterGivesTitleAndMetadata) {
  const Document yaml =
      one_document("---\ntitle: \"Pods: an overview\"\nweight: 10\ntags: [a, b]\n---\n\nText.\n", "a.md");
  EXPECT_EQ(yaml.title, "Pods: an overview");
  EXPECT_EQ(yaml.metadata, "{\"title\":\"Pods: an overview\",\"weight\":\"10\"}");
  EXPECT_EQ(yaml.text, "# Pods: an overview\n\nText.\n");
  EXPECT_EQ(one_document("+++\ntitle = \"T\"\n+++\nText.\n", "a.md").title, "T");
  EXPECT_EQ(one_document("{\n\"title\": \"J\"\n}\nText.\n", "a.md").title, "J");
  EXPECT_EQ(one_document("---\r\ntitle: W\r\n---\r\nText.\r\n", "a.md").text, "# W\n\nText.\n");
}

TEST(Markdown, WhatOnlyLooksLikeFrontMatterStays) {
  EXPECT_EQ(markdown("---\nA rule above, and below\n---\nText.\n"),
            "---\nA rule above, and below\n---\nText.\n");
  EXPECT_EQ(markdown("---\ntitle: never closed\n\nText.\n"), "---\ntitle: never closed\n\nText.\n");
}

TEST(Markdown, ATitleThatIsAlreadyAHeadingIsNotRepeated) {
  EXPECT_EQ(markdown("---\ntitle: T\n---\n# Heading\n\nText.\n"), "# Heading\n\nText.\n");
}

TEST(Markdown, ShortcodesGoAndTheirWordsStay) {
  EXPECT_EQ(markdown("A {{< glossary_tooltip text=\"Pod\" term_id=\"pod\" >}} runs.\n"), "A Pod runs.\n");
  EXPECT_EQ(markdown("A {{< glossary_tooltip term_id=\"replica-set\" >}} runs.\n"), "A replica set runs.\n");
  EXPECT_EQ(markdown("{{< note >}}\nMind the gap.\n{{< /note >}}\n\nText {{% version %}}.\n"),
            "Mind the gap.\n\nText .\n");
  EXPECT_EQ(markdown("{{< figure src=\"/x.png\" caption=\"The cluster\" >}}\n"), "The cluster\n");
  EXPECT_EQ(markdown("{{< highlight yaml >}}\na: 1\n{{< /highlight >}}\n"), "```yaml\na: 1\n```\n");
  EXPECT_EQ(markdown("One.{{< comment >}} hidden {{< /comment >}} Two.\n"), "One. Two.\n");
  EXPECT_EQ(markdown("[x]({{< ref \"page.md\" >}})\n"), "[x](page.md)\n");
  EXPECT_EQ(markdown("{{% tab name=\"Ubuntu\" %}}\napt\n{{% /tab %}}\n"), "Ubuntu\napt\n");
}

TEST(Markdown, ShownShortcodesAndOtherTemplatesStay) {
  EXPECT_EQ(expand_shortcodes("write {{</* note */>}} here"), "write {{< note >}} here");
  EXPECT_EQ(expand_shortcodes("{{ item.name }} {% if x %} {{< unclosed"),
            "{{ item.name }} {% if x %} {{< unclosed");
}

TEST(Markdown, CommentsAnchorsAndTagsGo) {
  EXPECT_EQ(markdown("# Title {#title}\n<!-- a\n\ncomment -->\nText<br>more <b>bold</b> <img src=x alt=\"A "
                     "picture\">.\n"),
            "# Title\n\nText more bold A picture.\n");
  EXPECT_EQ(markdown("## 제목 {/*anchor*/}\n\n<DeepDive>\n\n글\n\n</DeepDive>\n"), "## 제목\n\n글\n");
  EXPECT_EQ(markdown("# T { #t }\n\n/// note | 참고\n\n글\n\n///\n\n{* ../x.py hl[1] *}\n"),
            "# T\n\n참고\n\n글\n");
}

TEST(Markdown, CodeIsLeftAlone) {
  const std::string text =
      "Use `<b>` and `{#x}`.\n\n```html\n<!-- kept -->\n<div>{{ x }}</div>\n\n\n  indented\n```\n\nEnd.\n";
  EXPECT_EQ(markdown(text), text);
  const std::string indented = "Run:\n\n    <html>&lt;\n    <b>\n\nThen:\n";
  EXPECT_EQ(markdown(indented), indented);
  EXPECT_EQ(markdown("- item\n\n    <b>more</b>\n"), "- item\n\n    more\n");
  EXPECT_EQ(markdown("~~~\n```\n<i>\n~~~\n<i>x</i>\n"), "~~~\n```\n<i>\n~~~\nx\n");
}

TEST(Markdown, EntitiesBecomeTheirCharacters) {
  EXPECT_EQ(markdown("a&mdash;b &#x2713; &lt;c&gt; d&nbsp;e R&D; &nosuch; AT&T\n"),
            "a—b ✓ <c> d e R&D; &nosuch; AT&T\n");
}

TEST(Markdown, PlaceholdersAndAutolinksAreNoTags) {
  EXPECT_EQ(markdown("kubectl get <node-name> at <https://x.org/> if a < b.\n"),
            "kubectl get <node-name> at <https://x.org/> if a < b.\n");
}

TEST(Html, MenusBannersScriptsAndFootersGo) {
  EXPECT_EQ(html("<html><head><title>T</title><style>x</style></head><body><nav>Menu</nav><div "
                 "class=banner><a href=/>Home</a> <a href=/b>B</a></div>"
                 "<div id=sidebar><ul><li><a href=1>One</a><li><a href=2>Two</a></ul></div>"
                 "<div id=content><h1>Heading</h1><p>First paragraph of the "
                 "page.</p><script>evil()</script><p>Second.</p></div>"
                 "<div class=footer>Copyright</div></body></html>"),
            "# Heading\n\nFirst paragraph of the page.\n\nSecond.\n");
}

TEST(Html, TheElementThatThePageCallsMainIsTaken) {
  EXPECT_EQ(html("<body><div>Top words</div><main><h2>H</h2><p>Main text of it.</p></main><div>Other "
                 "words</div></body>"),
            "## H\n\nMain text of it.\n");
  EXPECT_EQ(html("<body><p>Top</p><div role=main><p>Main text of it.</p></div></body>"),
            "Main text of it.\n");
}

TEST(Html, APageWithoutLandmarksIsReadWhole) {
  EXPECT_EQ(html("<p>One <i>two</i>\n three.<p>Four."), "One two three.\n\nFour.\n");
}

TEST(Html, ASidebarInsideTheTextIsText) {
  EXPECT_EQ(html("<body><div id=banner><a href=/>a</a><a href=/b>b</a></div><div "
                 "class=section><h1>H</h1><p>Text of it.</p><div class=sidebar><p>A box.</p></div></div>"),
            "# H\n\nText of it.\n\nA box.\n");
}

TEST(Html, ListsTablesAndCodeKeepTheirShape) {
  EXPECT_EQ(html("<ul><li>a<ul><li>b</ul><li><p>c</p></ul><ol start=3><li>x<li>y</ol>"),
            "- a\n  - b\n- c\n\n3. x\n4. y\n");
  EXPECT_EQ(html("<table><tr><th>k</th><th>v</th></tr><tr><td>a\n b</td><td>1</td></tr></table>"),
            "k | v\na b | 1\n");
  EXPECT_EQ(
      html("<table><tr><td></td><td>only</td><td></td></tr><tr><td>a</td><td></td><td>c</td></tr></table>"),
      "only\na | | c\n");
  EXPECT_EQ(html("<p>Run:<pre>\n$ ls -l\n  x &lt; y\n</pre>Done."),
            "Run:\n\n```\n$ ls -l\n  x < y\n```\n\nDone.\n");
  EXPECT_EQ(html("a<br>b<dl><dt>term<dd>meaning</dl>"), "a\nb\n\nterm\nmeaning\n");
}

TEST(Html, TablesForLayoutAreReadAsText) {
  EXPECT_EQ(html("<table><tr><td><h2>H</h2><p>Left text.</p></td><td><p>Right text.</p></td></tr></table>"),
            "## H\n\nLeft text.\n\nRight text.\n");
}

TEST(Html, TheCharsetIsTakenFromThePage) {
  const std::string page =
      "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
      "charset=euc-kr\"></head><body><p>가나</p></body></html>";
  const Document document = one_document(encoded(page, "UHC"), "a.html");
  EXPECT_EQ(document.text, "가나\n");
  EXPECT_EQ(document.encoding, "cp949");
  EXPECT_EQ(one_document("<meta charset=\"iso-8859-7\"><p>\xC0\xC1\xC2", "a.html").text, "ΐΑΒ\n");
}

TEST(Html, HiddenTextIsNotRead) {
  EXPECT_EQ(html("<p>Seen.</p><p hidden>a</p><p style=\"display: none\">b</p><span "
                 "aria-hidden=true>c</span><noscript>d</noscript>"),
            "Seen.\n");
}

TEST(Format, IsKnownByNameAndElseByContent) {
  EXPECT_EQ(one_document("<!DOCTYPE html><p>x", "page").text, "x\n");
  EXPECT_EQ(one_document("plain <b>", "README").text, "plain <b>");
  EXPECT_EQ(one_rejection("%PDF-1.4", "README").reason, reason::kUnreadableFormat);
  EXPECT_EQ(one_document(gzip("# H\n<!-- c -->"), "a.md.gz").text, "# H\n");
  Input as_text;
  as_text.format = Format::text;
  EXPECT_EQ(one_document("<p>x", "a.html", as_text).text, "<p>x");
}

}  // namespace
}  // namespace hone::document
