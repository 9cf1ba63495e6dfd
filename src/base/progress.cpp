#include "base/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/log.h"

namespace hone::base {

namespace {

using Clock = std::chrono::steady_clock;

std::mutex& stderr_lock() {
  static std::mutex lock;
  return lock;
}
bool bar_stands = false;  // guarded by stderr_lock

void put(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0) return;  // nobody listens: work goes on
    text.remove_prefix(static_cast<size_t>(n));
  }
}

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{10};

}  // namespace

void write_talk(std::string_view text) {
  const std::lock_guard lock(stderr_lock());
  if (bar_stands) put("\r\x1b[2K");
  bar_stands = false;
  put(text);
}

Progress::Progress(std::string label, uint64_t total, std::string unit)
    : label_(std::move(label)), unit_(std::move(unit)), total_(total), begin_(Clock::now()), last_draw_(begin_) {}

Progress::~Progress() {
  if (finished_ || talk() != Talk::normal || !on_terminal()) return;
  const std::lock_guard lock(stderr_lock());
  if (bar_stands) put("\r\x1b[2K");
  bar_stands = false;
}

std::string Progress::render(uint64_t done, std::string_view detail) const {
  const double seconds = seconds_since(begin_);
  const double rate = seconds > 0 ? static_cast<double>(done - std::min(done, first_)) / seconds : 0;
  if (total_ == 0) return fmt::format("{}  {} {}  {}", label_, human_count(done), unit_, detail);
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  std::string left;
  if (rate > 0 && done < total_) left = human_duration(static_cast<double>(total_ - done) / rate) + " left";
  constexpr int kCells = 24;
  std::string bar;
  for (int cell = 0; cell < kCells; ++cell) bar += cell < static_cast<int>(share * kCells + 0.5) ? "━" : "─";
  return fmt::format("{} {} {:3.0f}%  {}/{} {}  {}{}{}", label_, bar, share * 100, human_count(done), human_count(total_),
                     unit_, detail, detail.empty() || left.empty() ? "" : " · ", left);
}

void Progress::update(uint64_t done, std::string_view detail) {
  if (talk() == Talk::quiet) return;
  const std::lock_guard lock(stderr_lock());
  const auto now = Clock::now();
  if (!started_) {
    started_ = true;
    first_ = done;
    begin_ = now;
    last_draw_ = now - (on_terminal() ? kBarInterval : std::chrono::milliseconds(0));
  }
  const bool bar = on_terminal() && talk() == Talk::normal;
  if (now - last_draw_ < (bar ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval))) return;
  last_draw_ = now;
  if (talk() == Talk::json) {
    const nlohmann::json line = {{"time", utc_now()}, {"level", "info"}, {"event", "progress"}, {"stage", label_},
                                 {"done", done},      {"total", total_}, {"unit", unit_},       {"detail", detail}};
    put(line.dump() + "\n");
  } else if (!bar) {
    put(render(done, detail) + "\n");
  } else {
    std::string text = render(done, detail);
    const int width = terminal_columns() - 1;
    while (columns(text) > width && !text.empty()) {  // cut whole code points, never half a Hangul syllable
      do text.pop_back();
      while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
    }
    put("\r\x1b[2K" + text);
    bar_stands = true;
  }
}

void Progress::finish(std::string_view detail) {
  finished_ = true;
  if (talk() == Talk::quiet) return;
  const std::string took = human_duration(seconds_since(begin_));
  if (talk() == Talk::json) {
    const nlohmann::json line = {{"time", utc_now()}, {"level", "info"},   {"event", "finished"},
                                 {"stage", label_},   {"detail", detail}, {"seconds", seconds_since(begin_)}};
    write_talk(line.dump() + "\n");
  } else {
    write_talk(fmt::format("{}{}  {}{}({})\n", colours() ? "\x1b[32m✓\x1b[0m " : "", label_, detail, detail.empty() ? "" : "  ", took));
  }
}

}  // namespace hone::base
