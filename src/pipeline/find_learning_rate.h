#pragma once
/// `hone train RECIPE --find-lr`: everything up to the tokens is brought up to date, then the learning rate is raised over
/// real batches (training/learning_rate_finder.h). Of the run only find-lr/ is written: lr.json and lr.svg.
#include <filesystem>

#include "pipeline/pipeline.h"
#include "training/learning_rate_finder.h"

namespace hone::pipeline {

struct FoundLearningRate {
  training::FinderCurve curve;
  std::filesystem::path folder;  ///< find-lr/ of the run.
  std::string line;              ///< To paste into the recipe; empty when the loss never fell.
};

FoundLearningRate find_learning_rate(plan::RunPlan& plan, const RunOptions& options, const training::FinderOptions& finder);

}  // namespace hone::pipeline
