#pragma once
/// Windows code page 949 ("UHC", which contains EUC-KR) both ways, as two tables filled once from ICU's converter windows-949.
/// A character is one byte below 0x80, or a lead byte 0x81–0xFE and a trail byte 0x41–0x5A, 0x61–0x7A or 0x81–0xFE.
#include <cstdint>

namespace hone::corpus {

/// The character of two bytes; 0 when they mean nothing.
char32_t cp949_character(uint8_t lead, uint8_t trail);

/// Lead << 8 | trail of a character beyond ASCII; 0 when CP949 has it not.
uint16_t cp949_bytes(char32_t c);

}  // namespace hone::corpus
