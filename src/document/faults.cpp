#include "document/faults.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace hone::document {
namespace {

constexpr std::string_view kMarker = "HONE-READ-TEST-FAULT: ";

std::string answer(const char* what, bool succeeded) {
  return std::string(what) + ": " + (succeeded ? "allowed" : std::strerror(errno)) + "\n";
}

std::string try_to_escape() {
  std::string report;
  report += answer("read a file", open("/etc/passwd", O_RDONLY) >= 0);
  report += answer("write a file", open("/tmp/hone-read-was-here", O_WRONLY | O_CREAT, 0600) >= 0);
  report += answer("socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
  report += answer("exec", execl("/bin/true", "true", nullptr) == 0);
  report += answer("kill the parent", kill(getppid(), 0) == 0);
  report += answer("executable memory", mmap(nullptr, 4096, PROT_READ | PROT_EXEC,
                                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  report += answer("fork", child > 0);
  return report;
}

[[noreturn]] void hang() {
  for (volatile uint64_t spin = 0;;) {
    spin = spin + 1;
  }
}

void balloon() {
  std::vector<std::vector<char>> held;
  for (;;) held.emplace_back(size_t{64} << 20, 'x');  // ends in bad_alloc
}

}  // namespace

void misbehave_if_told(Item& item) {
  auto* document = std::get_if<Document>(&item);
  if (document == nullptr || !document->text.starts_with(kMarker)) return;
  std::string_view fault = std::string_view(document->text).substr(kMarker.size());
  fault = fault.substr(0, fault.find('\n'));
  if (fault == "crash") std::abort();
  if (fault == "hang") hang();
  if (fault == "sleep")
    for (;;) usleep(100000);
  if (fault == "balloon") balloon();
  if (fault == "escape") document->text = try_to_escape();
}

}  // namespace hone::document
