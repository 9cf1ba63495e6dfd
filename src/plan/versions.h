#pragma once
/// Behaviour versions: raised when a stage would write other bytes for the same inputs, so that old artefacts are made again.

namespace hone::plan {

inline constexpr int kCorpusVersion = 3;
inline constexpr int kVocabularyVersion = 1;
inline constexpr int kTokensVersion = 1;
inline constexpr int kSamplesVersion = 1;  ///< Of the token stage, for records of instruction data.
inline constexpr int kTrainingVersion = 1;
inline constexpr int kExportVersion = 1;
inline constexpr int kEvaluationVersion = 1;
inline constexpr int kReportVersion = 2;
inline constexpr int kCleaningReportVersion = 1;

}  // namespace hone::plan
