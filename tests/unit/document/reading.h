#pragma once
/// Ways for tests to read: one document in this process, or whole folders through hone-read as a run does.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/document.h"
#include "document/reader.h"
#include "document/stream.h"

namespace hone::document {

/// What a reader says of `content` under the name `name`, without a child process.
std::vector<Item> read_here(std::string_view content, const std::string& name, Input input = {});

/// The one document that `content` must be; fails the test and returns an empty one otherwise.
Document one_document(std::string_view content, const std::string& name, Input input = {});
/// The one rejection that `content` must be.
Rejection one_rejection(std::string_view content, const std::string& name, Input input = {});

/// All that a stream hands on.
std::vector<Item> read_stream(std::vector<SourceSpec> sources, ReaderOptions options = {});

/// "id: text" or "id! reason", one an item: what order and outcome are compared by.
std::vector<std::string> in_short(const std::vector<Item>& items);

std::string gzip(std::string_view bytes);
std::string zstd(std::string_view bytes);
/// UTF-8 to another encoding, by iconv.
std::string encoded(std::string_view utf8, const char* charset);

}  // namespace hone::document
