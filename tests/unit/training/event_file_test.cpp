#include "training/event_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <protozero/pbf_reader.hpp>

#include "base/files.h"
#include "tests/support/shared.h"

namespace hone::training {
namespace {

template <typename Integer>
Integer little_endian(std::string_view bytes, size_t at) {
  Integer value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i)
    value |= static_cast<Integer>(static_cast<uint8_t>(bytes.at(at + i))) << (8 * i);
  return value;
}

struct Event {
  int64_t step = 0;
  std::string version;
  bool starts_session = false;
  std::map<std::string, float> scalars;
};

void read_scalar(protozero::pbf_reader value, Event& event) {
  std::string tag;
  float number = 0;
  while (value.next()) {
    if (value.tag() == 1)
      tag = value.get_string();
    else if (value.tag() == 2)
      number = value.get_float();
    else
      value.skip();
  }
  event.scalars[tag] = number;
}

/// As TensorBoard would: lengths, then messages.
std::vector<Event> read_events(const std::filesystem::path& path) {
  const std::string bytes = base::read_file(path);
  std::vector<Event> events;
  for (size_t at = 0; at < bytes.size();) {
    const auto length = little_endian<uint64_t>(bytes, at);
    EXPECT_EQ(framed_record(std::string_view(bytes).substr(at + 12, length)), bytes.substr(at, length + 16));
    Event event;
    protozero::pbf_reader reader(bytes.data() + at + 12, length);
    while (reader.next()) {
      if (reader.tag() == 2)
        event.step = reader.get_int64();
      else if (reader.tag() == 3)
        event.version = reader.get_string();
      else if (reader.tag() == 7)
        event.starts_session = true, reader.skip();
      else if (reader.tag() == 5) {
        protozero::pbf_reader summary = reader.get_message();
        while (summary.next(1)) read_scalar(summary.get_message(), event);
      } else
        reader.skip();
    }
    events.push_back(event);
    at += length + 16;
  }
  return events;
}

TEST(EventFile, FramesRecordsWithMaskedCastagnoliSums) {
  // CRC32C of "123456789" is 0xE3069283 (RFC 3720); masked: rotated right by 15 plus 0xa282ead8.
  const std::string record = framed_record("123456789");
  ASSERT_EQ(record.size(), 8u + 4 + 9 + 4);
  EXPECT_EQ(little_endian<uint64_t>(record, 0), 9u);
  const uint32_t crc = 0xE3069283u;
  EXPECT_EQ(little_endian<uint32_t>(record, 21), ((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

TEST(EventFile, HoldsTheScalarsOfEachStep) {
  const test::TempDir folder;
  EventFile file(folder / "tensorboard", 0);
  file.scalars(1, {{"train/loss", 2.5}, {"train/learning_rate", 1e-4}});
  file.scalars(2, {{"train/loss", 2.25}});
  const auto events = read_events(file.path());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].version, "brain.Event:2");
  EXPECT_EQ(events[1].step, 1);
  EXPECT_FLOAT_EQ(events[1].scalars.at("train/learning_rate"), 1e-4f);
  EXPECT_FLOAT_EQ(events[2].scalars.at("train/loss"), 2.25f);
}

TEST(EventFile, AContinuedRunHidesWhatCameAfterItsCheckpoint) {
  const test::TempDir folder;
  const EventFile first(folder.path(), 0);
  const EventFile second(folder.path(), 40);
  EXPECT_NE(first.path(), second.path());
  const auto events = read_events(second.path());
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[1].starts_session);
  EXPECT_EQ(events[1].step, 40);
}

}  // namespace
}  // namespace hone::training
