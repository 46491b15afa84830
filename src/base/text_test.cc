#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace thaw {
namespace {

TEST(PrintableUtf8, takes_what_can_be_shown) {
  for (const char* text : {"", "pi_9", "a b~!", "Zoë", "\xc2\xa0", "\xe2\x82\xac", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x9f\x90\xa8", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_printable_utf8(text)) << text;
  }
}

TEST(PrintableUtf8, refuses_controls_and_what_is_no_utf8) {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\n"), std::string("\x1f"), std::string("\x7f"),
        std::string("\xc2\x85"),          // C1: next line
        std::string("\x80"),              // a following byte alone
        std::string("\xff\xfe"),          // never in UTF-8
        std::string("\xc3"),              // cut off
        std::string("\xe2\x82"),          //
        std::string("\xf0\x9f\x90"),      //
        std::string("\xc3("),             // no following byte
        std::string("\xc0\xaf"),          // overlong
        std::string("\xe0\x80\xaf"),      //
        std::string("\xf0\x80\x80\xaf"),  //
        std::string("\xed\xa0\x80"),      // a surrogate
        std::string("\xf4\x90\x80\x80"),  // beyond U+10FFFF
        std::string("caf\xe9")}) {        // Latin-1
    EXPECT_FALSE(is_printable_utf8(text));
    EXPECT_FALSE(is_printable_utf8("ok " + text + " ok"));
  }
}

TEST(Text, takes_lines_and_tabs_and_refuses_nul_and_what_is_no_utf8) {
  for (const char* text : {"", "a\tb\r\nc", "Zoë\n", "\xc2\x85"})
    EXPECT_TRUE(is_text(text)) << text;
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\x80"), std::string("\xe2\x82"),
        std::string("\xed\xa0\x80"), std::string("caf\xe9 noir")}) {
    EXPECT_FALSE(is_text(text));
  }
}

TEST(CutUtf8, never_leaves_half_a_character) {
  EXPECT_EQ(cut_utf8("abc", 3), "abc");
  EXPECT_EQ(cut_utf8("abcd", 3), "abc");
  EXPECT_EQ(cut_utf8("a\u00e9b", 2), "a");
  EXPECT_EQ(cut_utf8("a\u00e9b", 3), "a\u00e9");
  EXPECT_EQ(cut_utf8("\U0001f600", 3), "");
}

}  // namespace
}  // namespace thaw
