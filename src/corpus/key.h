#pragma once
/// The key of keyed hashes: who has it can test a guess against the ledger, so it stays outside runs.
///
/// 32 random bytes as 64 hex digits in $XDG_CONFIG_HOME/hone/key (~/.config/hone/key), readable by its owner alone; made when it is
/// first needed. A recipe may name another file, and HONE_KEY in the environment wins over both.
#include <optional>
#include <string>

#include "recipe/corpus.h"

namespace hone::corpus {

/// The key as bytes. `file`: the recipe's, if it names one. Makes the default or named file when it is absent and says so on the
/// screen. Throws usage for text that is no key, storage when the file cannot be read or written.
std::string load_key(const std::optional<std::string>& file);

/// Whether a rule of the recipe finds what ledgers may only hold keyed hashes of.
bool needs_key(const recipe::CorpusOptions& options);
/// Whether the corpus itself depends on the key.
bool pseudonymises(const recipe::CorpusOptions& options);

/// 16 hex digits that tell keys apart: HMAC-SHA-256(key, "id").
std::string key_identity(const std::string& key);

}  // namespace hone::corpus
