// The words of a schedule's text. Cuts only; what they mean is the business of the forms (parse_*.cpp).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace taskcore::schedule {

/// Words in a row, as written.
using Words = std::span<const std::string_view>;

/// `text` without the blanks around it.
std::string_view trimmed(std::string_view text);

/// Cuts at runs of blanks. A comma is a word of its own.
std::vector<std::string_view> split(std::string_view text);

/// The same, where a comma is a letter as any other.
std::vector<std::string_view> split_at_blanks(std::string_view text);

/// Whether `word` is `expected` (in lower case), whatever its case.
bool is(std::string_view word, std::string_view expected);

/// The day of the week, from Sunday, that a word such as "monday" or "Mon" names.
std::optional<unsigned> weekday_of(std::string_view word);

/// From the first of these words to the last, with what is between them. Both must come from one text.
std::string_view as_written(Words words);

}  // namespace taskcore::schedule
