#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace thaw {

/// A new empty folder, gone at the end.
class TestFolder {
 public:
  TestFolder() {
    std::string folder = (std::filesystem::temp_directory_path() / "thaw-loyalty-XXXXXX").string();
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    path_ = folder;
  }
  TestFolder(const TestFolder&) = delete;
  ~TestFolder() { std::filesystem::remove_all(path_); }

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace thaw
