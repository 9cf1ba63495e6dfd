#include "training/event_file.h"

#include <boost/crc.hpp>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <protozero/pbf_writer.hpp>

#include "base/error.h"

namespace hone::training {
namespace {

// Field numbers of tensorflow's event.proto and summary.proto.
enum Event : protozero::pbf_tag_type {
  wall_time = 1,
  step_number = 2,
  file_version = 3,
  summary = 5,
  session_log = 7
};
enum Summary : protozero::pbf_tag_type { summary_value = 1 };
enum Value : protozero::pbf_tag_type { value_tag = 1, simple_value = 2 };
enum SessionLog : protozero::pbf_tag_type { session_status = 1 };
constexpr int kSessionStart = 1;

uint32_t masked_crc(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> castagnoli;
  castagnoli.process_bytes(bytes.data(), bytes.size());
  const uint32_t crc = castagnoli.checksum();
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

template <typename Integer>
void append_little_endian(std::string& out, Integer value) {
  for (size_t byte = 0; byte < sizeof(Integer); ++byte)
    out.push_back(static_cast<char>((value >> (8 * byte)) & 0xFF));
}

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

std::string framed_record(std::string_view event) {
  std::string record;
  append_little_endian<uint64_t>(record, event.size());
  append_little_endian<uint32_t>(record, masked_crc(record));
  record.append(event);
  append_little_endian<uint32_t>(record, masked_crc(event));
  return record;
}

EventFile::EventFile(const std::filesystem::path& directory, int64_t first_step) {
  std::error_code problem;
  std::filesystem::create_directories(directory, problem);
  if (problem) throw system_error("cannot create " + directory.string(), problem.value());
  // Readers sort by name; a second file within a second gets a later number so that neither is written over.
  for (auto second = static_cast<int64_t>(now());; ++second) {
    path_ = directory / ("events.out.tfevents." + std::to_string(second) + ".hone");
    if (!std::filesystem::exists(path_)) break;
  }
  std::string event;
  protozero::pbf_writer first(event);
  first.add_double(wall_time, now());
  first.add_string(file_version, "brain.Event:2");
  append(event);
  if (first_step <= 0) return;
  event.clear();
  protozero::pbf_writer start(event);
  start.add_double(wall_time, now());
  start.add_int64(step_number, first_step);
  {
    protozero::pbf_writer log(start, session_log);
    log.add_enum(session_status, kSessionStart);
  }
  append(event);
}

void EventFile::scalars(int64_t step, const std::vector<std::pair<std::string_view, double>>& values) {
  std::string event;
  protozero::pbf_writer writer(event);
  writer.add_double(wall_time, now());
  writer.add_int64(step_number, step);
  {
    protozero::pbf_writer list(writer, summary);
    for (const auto& [tag, number] : values) {
      protozero::pbf_writer value(list, summary_value);
      value.add_string(value_tag, tag.data(), tag.size());
      value.add_float(simple_value, static_cast<float>(number));
    }
  }
  append(event);
}

void EventFile::append(std::string_view event) {
  std::ofstream file(path_, std::ios::binary | std::ios::app);
  const std::string record = framed_record(event);
  file.write(record.data(), static_cast<std::streamsize>(record.size()));
  file.flush();
  if (!file) throw system_error("cannot write " + path_.string(), errno);
}

}  // namespace hone::training
