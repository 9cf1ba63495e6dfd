#include "artifact/commit.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "artifact/lock.h"
#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "support/shared.h"

namespace hone::artifact {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

const json kInputs = {{"seed", 7}};

Manifest make(const fs::path& target, const std::string& content, const json& inputs = kInputs) {
  Commit commit(target, "corpus", inputs);
  base::write_file(commit.directory() / "a.txt", content);
  return commit.finish({{"documents", 1}});
}

TEST(Commit, AnArtefactAppearsWholeAndVerifies) {
  const test::TempDir folder;
  const fs::path target = folder.path() / "corpus";
  make(target, "hello");
  const auto manifest = read_manifest(target);
  ASSERT_TRUE(manifest);
  EXPECT_FALSE(first_problem(target, *manifest, Depth::contents));
  EXPECT_TRUE(is_up_to_date(target, fingerprint_of(kInputs)));
  EXPECT_FALSE(is_up_to_date(target, fingerprint_of({{"seed", 8}})));
}

TEST(Commit, WithoutFinishNothingIsLeft) {
  const test::TempDir folder;
  {
    Commit commit(folder.path() / "corpus", "corpus", kInputs);
    base::write_file(commit.directory() / "a.txt", "half");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Commit, ANewOneReplacesTheOldOneWhole) {
  const test::TempDir folder;
  make(folder.path() / "corpus", "old");
  make(folder.path() / "corpus", "new", {{"seed", 8}});
  EXPECT_EQ(base::read_file(folder.path() / "corpus/a.txt"), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Commit, OneChangedByteIsFoundWhereverItIs) {
  const test::TempDir folder;
  const fs::path target = folder.path() / "corpus";
  const std::string content = "some content";
  const Manifest manifest = make(target, content);
  for (size_t i = 0; i < content.size(); ++i) {
    std::string damaged = content;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    base::write_file(target / "a.txt", damaged);
    EXPECT_TRUE(first_problem(target, manifest, Depth::contents)) << i;
    EXPECT_FALSE(first_problem(target, manifest, Depth::sizes)) << "sizes alone cannot see it";
  }
  base::write_file(target / "a.txt", content.substr(1));
  EXPECT_TRUE(first_problem(target, manifest, Depth::sizes));
}

TEST(Commit, AProcessKilledBeforeFinishLeavesTheOldOneInPlace) {
  const test::TempDir folder;
  const fs::path target = folder.path() / "corpus";
  make(target, "old");
  const pid_t child = ::fork();
  if (child == 0) {
    Commit commit(target, "corpus", {{"seed", 8}});
    base::write_file(commit.directory() / "a.txt", "new");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(is_up_to_date(target, fingerprint_of(kInputs)));
  sweep(folder.path());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Commit, WhatWasMovedAsideComesBackWhenItsSuccessorNeverArrived) {
  const test::TempDir folder;
  make(folder.path() / "corpus", "old");
  fs::rename(folder.path() / "corpus", folder.path() / "corpus.replaced-123");
  sweep(folder.path());
  EXPECT_TRUE(is_up_to_date(folder.path() / "corpus", fingerprint_of(kInputs)));
}

TEST(Manifest, FileNamesThatLeaveTheFolderAreRefused) {
  const test::TempDir folder;
  for (const char* name : {"../secret", "/etc/passwd", "a/../../b"}) {
    const json manifest = {{"schema", 1}, {"kind", "x"}, {"fingerprint", "f"}, {"inputs", json::object()},
                           {"files", {{name, {{"size", 1}, {"sha256", "0"}}}}}};
    base::write_file(folder.path() / kManifest, manifest.dump());
    EXPECT_THROW(read_manifest(folder.path()), Error) << name;
  }
}

TEST(Manifest, GarbageIsNoArtefact) {
  const test::TempDir folder;
  for (const char* text : {"", "{", "[]", "{\"schema\": 2}", "{\"schema\": 1, \"kind\": 3}"}) {
    base::write_file(folder.path() / kManifest, text);
    EXPECT_FALSE(is_up_to_date(folder.path(), "f")) << text;
  }
}

TEST(Lock, TheSecondProcessIsTurnedAwayAsBusy) {
  const test::TempDir folder;
  const DirectoryLock first(folder.path() / kLock);
  try {
    const DirectoryLock second(folder.path() / kLock);  // flock belongs to the open file, so one process can play both
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::busy);
    EXPECT_NE(std::string(error.what()).find(std::to_string(::getpid())), std::string::npos);
  }
}

TEST(Names, CheckpointNamesReadBack) {
  EXPECT_EQ(checkpoint_name(120), "step-000120");
  EXPECT_EQ(checkpoint_step("step-000120"), 120);
  EXPECT_EQ(checkpoint_step("step-1234567"), 1234567);
  for (const char* other : {"step-", "step-12", "step-00012x", "step-000120.partial-7", "best"}) EXPECT_FALSE(checkpoint_step(other)) << other;
}

}  // namespace
}  // namespace hone::artifact
