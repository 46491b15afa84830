#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/fuzz_target.h"

namespace {

std::vector<std::filesystem::path> list_files(const std::filesystem::path& place) {
  if (!std::filesystem::is_directory(place)) return {place};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(place)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::filesystem::filesystem_error("cannot be read", path, {});
  return {std::istreambuf_iterator<char>(file), {}};
}

int replay(int count, char** arguments) {
  std::size_t inputs = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& path : list_files(arguments[i])) {
      // Said before, so that the last line names the input that ended the process.
      std::fprintf(stderr, "replay: %s\n", path.c_str());
      thaw::fuzz_one(load(path));
      ++inputs;
    }
  }
  std::fprintf(stderr, "replay: %zu inputs\n", inputs);
  return inputs > 0 ? 0 : 1;  // a corpus that has moved away must not pass
}

}  // namespace

/// Runs saved inputs through a target without libFuzzer: the files named, and those in the folders
/// named. Aborts where the fuzzer would.
int main(int count, char** arguments) {
  try {
    return replay(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay: %s\n", error.what());
    return 1;
  }
}
