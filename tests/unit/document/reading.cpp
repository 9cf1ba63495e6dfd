#include "reading.h"

#include <gtest/gtest.h>
#include <iconv.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/files.h"
#include "document/reader.h"

namespace hone::document {
namespace {

class Collector final : public Output {
 public:
  void begin(bool) override {}
  void progress(uint64_t) override {}
  void item(Item item) override { items.push_back(std::move(item)); }
  std::vector<Item> items;
};

}  // namespace

std::vector<Item> read_here(std::string_view content, const std::string& name, Input input) {
  const base::FileDescriptor file(memfd_create("document", MFD_CLOEXEC));
  for (size_t at = 0; at < content.size();) {
    const ssize_t written = write(file.value(), content.data() + at, content.size() - at);
    if (written <= 0) throw std::runtime_error("memfd");
    at += static_cast<size_t>(written);
  }
  lseek(file.value(), 0, SEEK_SET);
  input.fd = file.value();
  input.name = name;
  Collector collector;
  read_file(input, collector);
  return collector.items;
}

Document one_document(std::string_view content, const std::string& name, Input input) {
  std::vector<Item> items = read_here(content, name, std::move(input));
  EXPECT_EQ(items.size(), 1u);
  if (items.size() == 1 && std::holds_alternative<Document>(items[0])) return std::get<Document>(items[0]);
  if (!items.empty() && std::holds_alternative<Rejection>(items[0]))
    ADD_FAILURE() << std::get<Rejection>(items[0]).message;
  return {};
}

Rejection one_rejection(std::string_view content, const std::string& name, Input input) {
  std::vector<Item> items = read_here(content, name, std::move(input));
  EXPECT_EQ(items.size(), 1u);
  if (items.size() == 1 && std::holds_alternative<Rejection>(items[0])) return std::get<Rejection>(items[0]);
  ADD_FAILURE() << "not rejected";
  return {};
}

std::vector<Item> read_stream(std::vector<SourceSpec> sources, ReaderOptions options) {
  DocumentStream stream(std::move(sources), std::move(options));
  std::vector<Item> items;
  while (auto item = stream.next()) items.push_back(std::move(*item));
  return items;
}

std::vector<std::string> in_short(const std::vector<Item>& items) {
  std::vector<std::string> lines;
  for (const Item& item : items) {
    if (const auto* document = std::get_if<Document>(&item))
      lines.push_back(document->id + ": " + document->text);
    else
      lines.push_back(std::get<Rejection>(item).id + "! " + std::get<Rejection>(item).reason);
  }
  return lines;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string source(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

std::string encoded(std::string_view utf8, const char* charset) {
  const iconv_t converter = iconv_open(charset, "UTF-8");
  std::string source(utf8), out(utf8.size() * 4 + 16, '\0');
  char* in = source.data();
  char* to = out.data();
  size_t left = source.size(), room = out.size();
  EXPECT_NE(iconv(converter, &in, &left, &to, &room), static_cast<size_t>(-1)) << charset;
  iconv_close(converter);
  out.resize(out.size() - room);
  return out;
}

}  // namespace hone::document
