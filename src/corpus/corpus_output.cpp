// The last pass of a cleaning run: frames of documents.jsonl.zst and ledger.jsonl.zst, made or copied.
#include <algorithm>

#include "artifact/names.h"
#include "base/hash.h"
#include "corpus/corpus_run.h"
#include "corpus/packed_bytes.h"

namespace hone::corpus {
namespace {

constexpr size_t kFramesAtOnce = 16;

}  // namespace

std::optional<std::vector<CorpusRun::Frame>> CorpusRun::next_frames(Frame& next) {
  if (next.last == rows_.size() && next.last_refused == refused_.size()) return std::nullopt;
  report("writing", next.last, rows_.size());
  std::vector<Frame> frames;
  while (frames.size() < kFramesAtOnce && !(next.last == rows_.size() && next.last_refused == refused_.size())) {
    next.first = next.last;
    next.first_refused = next.last_refused;
    uint64_t bytes = 0;
    for (bool ended = false; !ended && next.last < rows_.size(); ++next.last) {
      const Row& row = rows_[next.last];
      bytes += row.text_bytes;
      ended = ends_frame(row.key, row.text_bytes, bytes);
    }
    const DocumentIndex until = next.last == rows_.size() ? rows_.size() : next.last - 1;
    while (next.last_refused < refused_.size() && refused_[next.last_refused].before <= until) ++next.last_refused;
    frames.push_back(next);
  }
  return frames;
}

Placement CorpusRun::placement(DocumentIndex index) const {
  const auto cluster = cluster_names_.find(roots_[index]);
  return {name_of(sides_[index]), cluster == cluster_names_.end() ? std::string_view{} : cluster->second};
}

std::optional<Digest> CorpusRun::frame_key(const Frame& frame) const {
  Packer all;
  all.raw(prints_.back().bytes());
  all.text(settings_.ledger_key.empty() ? "" : base::hmac_sha256(settings_.ledger_key, "frames"));
  for (DocumentIndex i = frame.first; i < frame.last; ++i) {
    all.raw(rows_[i].state.bytes());
    const std::optional<std::string> said = settled(passes_.back(), i);
    if (!said) return std::nullopt;
    all.text(*said);
    const Placement where = placement(i);
    all.text(where.split);
    all.text(where.cluster);
  }
  for (size_t i = frame.first_refused; i < frame.last_refused; ++i) {
    const document::Rejection& rejection = refused_[i].rejection;
    all.number(refused_[i].before - frame.first);
    for (const std::string* field : {&rejection.id, &rejection.source, &rejection.path, &rejection.reason, &rejection.message}) all.text(*field);
    all.number(rejection.bytes);
    all.number(rejection.row);
  }
  return Digest::of(all.view(), seed_);
}

bool CorpusRun::recall_frame(Written& written) const {
  const std::optional<std::string_view> value = memo_->find_value(Table::frame, written.key);
  if (!value) return false;
  const MemoFrame frame = MemoFrame::unpack(*value);
  const auto documents = memo_->piece(frame.documents, artifact::kDocuments), ledger = memo_->piece(frame.ledger, artifact::kLedger);
  if (!documents || !ledger) return false;
  written.documents = *documents;
  written.ledger = *ledger;
  written.tally = Tally::unpack(frame.tally);
  written.packed_tally = frame.tally;
  return true;
}

CorpusRun::Written CorpusRun::write_frame(const Frame& frame) const {
  Written written;
  if (memo_ != nullptr) {
    const std::optional<Digest> key = frame_key(frame);
    written.remembered = key.has_value();
    if (key) {
      written.key = *key;
      if (recall_frame(written)) return written;
    }
  }
  thread_local std::string documents, ledger;
  documents.clear();
  ledger.clear();
  size_t refused = frame.first_refused;
  const auto write_refused = [&](DocumentIndex until) {
    for (; refused < frame.last_refused && refused_[refused].before <= until; ++refused) write_ledger(ledger, refused_[refused].rejection);
  };
  for (DocumentIndex i = frame.first; i < frame.last; ++i) {
    write_refused(i);
    Draft draft = archive_.draft(i);
    go_through(passes_.back(), rules_, draft);
    const Placement where = placement(i);
    written.tally.count(draft, names_, where);
    write_ledger(ledger, draft, names_, where, settings_.ledger_key);
    if (!draft.dropped()) write_document(documents, draft, where);
  }
  write_refused(frame.last);
  written.documents = compressed_frame(documents);
  written.ledger = compressed_frame(ledger);
  if (memo_ != nullptr) written.packed_tally = written.tally.pack();
  return written;
}

void CorpusRun::last_pass() {
  FrameFile documents(out_dir_ / artifact::kDocuments), ledger(out_dir_ / artifact::kLedger);
  const auto consume = [&](std::vector<Written> all) {
    for (const Written& written : all) {
      MemoFrame frame;
      frame.documents.offset = documents.append(written.documents);
      frame.ledger.offset = ledger.append(written.ledger);
      tally_ += written.tally;
      if (memo_ == nullptr || !written.remembered) continue;
      frame.documents.size = written.documents.size();
      frame.documents.checksum = base::hash64(written.documents);
      frame.ledger.size = written.ledger.size();
      frame.ledger.checksum = base::hash64(written.ledger);
      frame.tally = written.packed_tally;
      memo_->note_value(Table::frame, written.key, frame.pack());
    }
  };
  const auto map = [this](std::vector<Frame>&& frames) {
    std::vector<Written> all;
    all.reserve(frames.size());
    for (const Frame& frame : frames) all.push_back(write_frame(frame));
    return all;
  };
  Frame next;
  base::ordered_map(pool_, [&] { return next_frames(next); }, map, consume);
  documents.close();
  ledger.close();
}

}  // namespace hone::corpus
