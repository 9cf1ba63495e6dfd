/// A tokenizer.json of any content is refused or a vocabulary that works: ids in range, spans in order, the same ids with and without
/// borders, texts back from any ids.
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "tokenizer/huggingface_tokenizer.h"

namespace {

constexpr const char* kTexts[] = {
    "The cluster's 12345 nodes  restart\r\n\n every night — it's <s> word <mask> 100%.",
    "한국어 쿠버네티스를 배웁니다.\t값: ４２ ½ \xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB 👩‍👩‍👧 \xFF\xC3",
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::tokenizer;
  try {
    const HuggingFaceTokenizer vocabulary(std::string_view(reinterpret_cast<const char*>(data), size), {"tokenizer.json"});
    for (const char* text : kTexts) {
      const std::vector<int32_t> ids = vocabulary.encode_markup(text);
      const std::vector<TokenSpan> spans = vocabulary.encode_markup_spans(text);
      if (spans.size() != ids.size()) std::abort();
      for (size_t i = 0; i < ids.size(); ++i)
        if (ids[i] < 0 || ids[i] >= vocabulary.vocabulary_size() || spans[i].id != ids[i] || spans[i].begin > spans[i].end || spans[i].end > std::string_view(text).size())
          std::abort();
      vocabulary.decode(ids);
      vocabulary.decode_markup(ids);
      for (const int32_t id : vocabulary.encode(text))
        if (vocabulary.kind(id) == PieceKind::control) std::abort();
    }
  } catch (const hone::Error&) {
  }
  return 0;
}
