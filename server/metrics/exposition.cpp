// Exposition: see exposition.hpp.
#include "metrics/exposition.hpp"

#include <charconv>
#include <cmath>

namespace taskd {

namespace {

/// Whole numbers without an exponent, for people; the shortest text that reads back as the same value otherwise.
std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[32];
  constexpr double kExact = 9007199254740992.0;
  const bool whole = value == std::trunc(value) && std::abs(value) < kExact;
  const auto end = whole ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value)).ptr
                         : std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

void add_escaped(std::string& out, std::string_view text, bool in_quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (c == '"' && in_quotes)) out += '\\';
    out += c;
  }
}

void add_label(std::string& out, std::string_view name, std::string_view value) {
  out += out.back() == '{' ? "" : ",";
  out += name;
  out += "=\"";
  add_escaped(out, value, true);
  out += '"';
}

}  // namespace

void Exposition::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  // In OpenMetrics a counter is named without what its sample ends in.
  constexpr std::string_view kTotal = "_total";
  if (format_ == Format::open_metrics && name.ends_with(kTotal)) name.remove_suffix(kTotal.size());
  text_.append("# HELP ").append(name).append(" ");
  add_escaped(text_, help, format_ == Format::open_metrics);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void Exposition::line(std::string_view suffix, Labels labels, std::string_view bound, double value) {
  text_.append(name_).append(suffix);
  if (labels.size() > 0 || !bound.empty()) {
    text_ += '{';
    for (const auto& [name, text] : labels) add_label(text_, name, text);
    if (!bound.empty()) add_label(text_, "le", bound);
    text_ += '}';
  }
  text_.append(" ").append(number(value)).append("\n");
}

void Exposition::sample(double value, Labels labels) { line("", labels, "", value); }

void Exposition::buckets(std::span<const std::uint64_t> bounds, std::span<const std::uint64_t> counts,
                         std::uint64_t sum, double unit, Labels labels) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    so_far += counts[i];
    std::string bound = i < bounds.size() ? number(static_cast<double>(bounds[i]) / unit) : "+Inf";
    if (format_ == Format::open_metrics && bound.find_first_not_of("0123456789") == std::string::npos) bound += ".0";
    line("_bucket", labels, bound, static_cast<double>(so_far));
  }
  line("_sum", labels, "", static_cast<double>(sum) / unit);
  line("_count", labels, "", static_cast<double>(so_far));
}

std::string_view Exposition::content_type() const noexcept {
  return format_ == Format::open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                         : "text/plain; version=0.0.4; charset=utf-8";
}

std::string Exposition::take() {
  if (format_ == Format::open_metrics) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace taskd
