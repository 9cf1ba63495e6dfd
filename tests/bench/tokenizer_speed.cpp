/// How many megabytes of text a second one core encodes: tokenizer_speed VOCABULARY TEXT, documents separated by U+001E.
/// Prints JSON with bytes, tokens and the processor time of the best of five passes; ratios.py compares it.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <string>
#include <vector>

#include "base/files.h"
#include "tokenizer/tokenizer.h"

namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

int measure(const char* vocabulary, const char* file) {
  const auto tokenizer = hone::tokenizer::load_tokenizer(vocabulary);
  const std::string all = hone::base::read_file(file);
  std::vector<std::string_view> documents;
  for (size_t begin = 0; begin < all.size();) {
    const size_t end = std::min(all.size(), all.find('\x1e', begin));
    documents.push_back(std::string_view(all).substr(begin, end - begin));
    begin = end + 1;
  }
  double best = 1e9;
  size_t tokens = 0;
  for (int pass = 0; pass < 5; ++pass) {
    const double begun = processor_seconds();
    tokens = 0;
    for (const std::string_view document : documents) tokens += tokenizer->encode(document).size();
    best = std::min(best, processor_seconds() - begun);
  }
  std::printf("{\"bytes\": %zu, \"tokens\": %zu, \"seconds\": %.6f}\n", all.size(), tokens, best);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fputs("usage: tokenizer_speed VOCABULARY TEXT\n", stderr), 2;
  try {
    return measure(arguments[1], arguments[2]);
  } catch (const std::exception& problem) {
    return std::fprintf(stderr, "%s\n", problem.what()), 1;
  }
}
