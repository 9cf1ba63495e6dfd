#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>

namespace hone::base {

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return std::max(1u, std::thread::hardware_concurrency());
  return std::max(1, CPU_COUNT(&set));
}

ThreadPool::ThreadPool(int threads) {
  if (threads <= 0) threads = available_processors();
  for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::submit(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void ThreadPool::work() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

void ThreadPool::for_each(uint64_t count, const std::function<void(uint64_t)>& task) {
  std::vector<std::exception_ptr> problems(count);
  std::atomic<uint64_t> next{0};
  std::vector<std::future<void>> running;
  const uint64_t lanes = std::min<uint64_t>(count, workers_.size());
  for (uint64_t lane = 0; lane < lanes; ++lane) {
    auto job = std::make_shared<std::packaged_task<void()>>([&] {
      for (uint64_t i = next++; i < count; i = next++) {
        try {
          task(i);
        } catch (...) {
          problems[i] = std::current_exception();
        }
      }
    });
    running.push_back(job->get_future());
    submit([job] { (*job)(); });
  }
  for (std::future<void>& job : running) job.wait();
  for (const std::exception_ptr& problem : problems)
    if (problem) std::rethrow_exception(problem);
}

}  // namespace hone::base
