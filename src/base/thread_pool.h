#pragma once
/// Worker threads for independent work. What is produced never depends on the number of threads: ordered_map hands results
/// on in input order, and holds back the producer so that memory stays bounded.
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace hone::base {

class ThreadPool {
 public:
  /// threads ≥ 1; 0 means one for each processor this process may use.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  int threads() const { return static_cast<int>(workers_.size()); }
  void submit(std::function<void()> task);

  /// Calls task(i) for every i in [0, count); returns when all are done; rethrows the first exception by index.
  void for_each(uint64_t count, const std::function<void(uint64_t)>& task);

 private:
  void work();
  std::vector<std::thread> workers_;
  std::deque<std::function<void()>> tasks_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
};

/// Processors this process may run on (its affinity mask), at least 1.
int available_processors();

/// next() → std::optional<Input> on the calling thread, map(Input) → Output on workers, consume(Output) on the calling thread in
/// input order. At most `window` inputs are in flight. An exception from any of the three ends the call with that exception.
template <typename Next, typename Map, typename Consume>
void ordered_map(ThreadPool& pool, Next next, Map map, Consume consume, size_t window = 0) {
  using Input = typename std::invoke_result_t<Next>::value_type;
  using Output = std::invoke_result_t<Map, Input&&>;
  if (window == 0) window = static_cast<size_t>(pool.threads()) * 4;
  std::deque<std::future<Output>> in_flight;
  const auto drain_one = [&] {
    std::future<Output> first = std::move(in_flight.front());
    in_flight.pop_front();
    consume(first.get());
  };
  try {
    while (std::optional<Input> input = next()) {
      auto task = std::make_shared<std::packaged_task<Output()>>(
          [&map, value = std::make_shared<Input>(std::move(*input))] { return map(std::move(*value)); });
      in_flight.push_back(task->get_future());
      pool.submit([task] { (*task)(); });
      if (in_flight.size() >= window) drain_one();
    }
    while (!in_flight.empty()) drain_one();
  } catch (...) {
    for (std::future<Output>& rest : in_flight) rest.wait();  // they refer to this frame
    throw;
  }
}

}  // namespace hone::base
