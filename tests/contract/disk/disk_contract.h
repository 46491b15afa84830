#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "application/ports/disk.h"

namespace thaw {

/// Owns an empty disk for the length of one test.
class DiskUnderTest {
 public:
  virtual ~DiskUnderTest() = default;
  virtual Disk& disk() = 0;
};

using MakeDisk = std::function<std::unique_ptr<DiskUnderTest>()>;

/// What every Disk must do. An adapter joins by INSTANTIATE_TEST_SUITE_P with its name and maker.
class DiskContract : public testing::TestWithParam<std::pair<const char*, MakeDisk>> {
 protected:
  void SetUp() override { under_test_ = GetParam().second(); }
  Disk& disk() { return under_test_->disk(); }

  /// A new file with `bytes`, synced.
  std::unique_ptr<DiskFile> make_file(const std::string& name, std::string_view bytes) {
    auto file = disk().open(name, OpenMode::create);
    EXPECT_TRUE(file) << file.error().detail;
    EXPECT_TRUE((*file)->write(0, bytes));
    EXPECT_TRUE((*file)->sync());
    return std::move(*file);
  }
  std::string content(const std::string& name) {
    const auto file = disk().open(name, OpenMode::read);
    if (!file) return "(" + std::string(to_string(file.error().code)) + ")";
    std::string bytes(*(*file)->size() + 10, '?');
    const auto length = (*file)->read(0, bytes);
    EXPECT_TRUE(length);
    bytes.resize(length.value_or(0));
    return bytes;
  }
  template <typename T>
  static ErrorCode code_of(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result ? ErrorCode::invalid : result.error().code;
  }

 private:
  std::unique_ptr<DiskUnderTest> under_test_;
};

}  // namespace thaw
