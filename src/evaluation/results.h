#pragma once
/// results.json: the tuned model's perplexities in the shape that lm-evaluation-harness 0.4 writes, so that
/// whatever reads its files reads these. Tasks: domain, domain_source_<name>, domain_language_<code>.
#include <nlohmann/json_fwd.hpp>

namespace hone::evaluation {

/// From facts.json. byte_perplexity = 2^bits_per_byte; word_perplexity is left out: words are not counted.
nlohmann::json harness_results(const nlohmann::json& facts);

}  // namespace hone::evaluation
