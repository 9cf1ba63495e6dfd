#include "base/stop.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace hone::base {

namespace {
std::atomic<int> requests{0};  // a signal handler has nowhere else to write

void on_signal(int signal) {
  if (requests.fetch_add(1) > 0 && signal == SIGINT) _exit(130);
}
}  // namespace

void listen_for_stop() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return requests.load() > 0; }

void throw_if_stopped() {
  if (stop_requested()) throw Error(ExitCode::stopped, "stopped as asked; run the same command again to go on");
}

}  // namespace hone::base
