#pragma once
/// Documents for the tests of cleaning, without a reader: from JSON Lines or from a list of texts.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "corpus/clean.h"

namespace hone::corpus::test {

/// The rows of a JSON Lines file (plain, .gz or .zst) with id, source and text.
std::vector<document::Document> read_rows(const std::filesystem::path& file);

document::Document make_document(std::string id, std::string text, std::string source = "here");

/// Hands the documents out in order; `documents` must outlive the source.
CleanSource source_of(const std::vector<document::Document>& documents);

/// All lines of a file, each parsed and put in order of appearance.
std::vector<std::string> lines_of(const std::filesystem::path& file);

}  // namespace hone::corpus::test
