#pragma once
/// The stage `corpus` with its memo: in one go, in shards on several machines, or for show.
///
/// A shard is a memo of its own (runs/.memo/<name>/shard-3-of-8): the documents of the files whose path hashes to it, after the rules'
/// first pass. make_corpus() with all shards added has nothing left to read and writes what one run alone would write.
#include <cstdint>
#include <filesystem>
#include <string>

#include "corpus/clean.h"
#include "plan/prepare.h"
#include "plan/run_plan.h"

namespace hone::plan {

/// Makes the artefact in stage.directory.
void make_corpus(const RunPlan& plan, const StagePlan& stage, const PrepareOptions& options);

struct Shard {
  uint64_t number = 1, of = 1;  ///< 1 ≤ number ≤ of.
};
/// "3/8". Throws usage.
Shard parse_shard(const std::string& text);
/// Where a shard lies unless it is moved.
std::filesystem::path shard_folder(const RunPlan& plan, const Shard& shard);
/// Reads and judges one share of the files. Throws busy when another process makes the same shard.
void make_shard(const RunPlan& plan, const Shard& shard, const PrepareOptions& options);

/// Cleans into `out_dir` and writes nothing in the runs.
corpus::CleanSummary clean_for_show(const RunPlan& plan, const std::filesystem::path& out_dir, const PrepareOptions& options);

}  // namespace hone::plan
