#pragma once
/// Instructions in a document that are aimed at a model which reads it, in English and Korean.
///
/// A passage is judged by signals, each worth 1 to 4: earlier instructions are to be ignored, a hidden prompt is to be told, the
/// reader is addressed as an AI, a new role is given, answers are dictated, data is to be sent away, control tokens of chat templates.
/// Three points in one paragraph make an instruction. A signal counts for nothing where it is quoted or stands in code, and where
/// the sentence or the one before speaks about such attacks, examples or phrases; it counts for less under a condition ("you can
/// ignore the previous instructions if …"), which manuals write.
#include <cstddef>
#include <string_view>
#include <vector>

namespace hone::corpus::injection {

struct Passage {
  size_t begin = 0, end = 0;  ///< Whole sentences.
  int points = 0;
};

/// In order, not overlapping.
std::vector<Passage> find_all(std::string_view text);

}  // namespace hone::corpus::injection
