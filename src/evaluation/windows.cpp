#include "evaluation/windows.h"

#include <algorithm>

#include "base/error.h"

namespace hone::evaluation {

std::vector<Window> cut_windows(int64_t tokens, int64_t context) {
  HONE_ASSERT(context >= 1);
  std::vector<Window> windows;
  const int64_t predicted = tokens - 1;
  for (int64_t done = 0; done < predicted;) {
    const int64_t end = done + std::min(context, predicted - done);  // predictions [done, end)
    const int64_t begin = done == 0 ? 0 : end - context;
    windows.push_back({begin, end - begin, done - begin});
    done = end;
  }
  return windows;
}

}  // namespace hone::evaluation
