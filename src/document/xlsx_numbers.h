#pragma once
/// Numbers of a spreadsheet as people read them: dates by the cell's format, all others as stored.
///
/// A date is a count of days since 1899-12-31 whose calendar has a 29 February 1900, or since 1904-01-01
/// (ECMA-376 part 1, 18.17.4.1). Which formats are dates: ids 14–22, 27–36, 45–47, 50–58 (18.8.30, those of
/// East Asian locales included) and codes that hold y, m, d, h or s outside quotes, escapes and brackets.
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hone::document {

enum class NumberKind { plain, date, time, date_time };

NumberKind kind_of_format(unsigned id);
NumberKind kind_of_format(std::string_view code);

/// What each cell style (`s` of a cell) makes of a number. `root` is styleSheet.
std::vector<NumberKind> cell_styles(pugi::xml_node root);

enum class DateSystem { from_1900, from_1904 };

/// `stored` as in the file ("45292.5"): "2024-01-01 12:00" for a date and time. What is no number, or no date
/// in years 1900–9999, stays as stored; digits past the fifteenth, which are noise of binary fractions, go.
std::string readable_number(std::string_view stored, NumberKind kind, DateSystem system);

}  // namespace hone::document
