#pragma once
/// Progress of long work on stderr: a bar that is redrawn on a terminal, a plain line at most every ten seconds elsewhere,
/// JSON events with --log-json, nothing with --quiet. Shows share done, rate and time left.
/// Talk from log.h and bars share one lock, so a message never tears a bar.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hone::base {

class Progress {
 public:
  /// `total` in `unit`s; 0 when unknown. `label` in plain words: "cleaning", "training".
  Progress(std::string label, uint64_t total, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap: draws at most ten times a second. `detail` follows the bar ("loss 3.12 · 412 tokens/s"). Any thread.
  void update(uint64_t done, std::string_view detail = {});
  /// Leaves a last line with the time taken. The destructor erases an unfinished bar.
  void finish(std::string_view detail = {});

 private:
  std::string render(uint64_t done, std::string_view detail) const;
  std::string label_, unit_;
  uint64_t total_;
  uint64_t first_ = 0;
  bool started_ = false, finished_ = false;
  std::chrono::steady_clock::time_point begin_, last_draw_;
};

/// Writes whole lines of talk, lifting a bar that stands on the terminal out of the way first.
void write_talk(std::string_view text);

}  // namespace hone::base
