#pragma once

#include <vector>

#include "domain/state.h"

namespace thaw {

/// A file accepted and not yet wholly applied.
struct ApplyingFile {
  FileId file;
  Instant accepted_at;
};
template <typename Archive>
void describe(Archive& ar, ApplyingFile& f) {
  ar(f.file, f.accepted_at);
}

/// The files of one provider and business date, in order of acceptance.
struct FilesOfDay {
  std::vector<FileId> files;
};
template <typename Archive>
void describe(Archive& ar, FilesOfDay& f) {
  ar(f.files);
}

/// What an enrolment past its `decides_at` still waits for (SPEC §2.6, "Awaiting settlement").
struct Awaited {
  std::vector<AwaitedFile>
      applying;  // accepted before decides_at, not yet applied: every verdict waits
  std::vector<AwaitedFile> missing;  // expected, not accepted: only a refusal waits
  std::vector<FileId> arrived;       // expected, accepted after decides_at, and applied
  Instant complete_at;               // when the last of what has come was applied
};
Awaited find_awaited(Work& work, const Enrolment& enrolment);

}  // namespace thaw
