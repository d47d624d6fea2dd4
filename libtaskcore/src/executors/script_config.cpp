#include "executors/script_config.hpp"

#include <algorithm>
#include <array>

#include "model/json_text.hpp"

namespace taskcore {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxArgs = 1000;

/// Reads field by field and keeps every fault.
class Reader {
 public:
  explicit Reader(const json::object& config) : config_(config) {}

  void fault(const std::string& pointer, std::string detail) {
    const Error one = invalid("/config/" + pointer, std::move(detail));
    if (faults_.fields.empty()) {
      faults_ = one;
    } else {
      faults_.fields.insert(faults_.fields.end(), one.fields.begin(), one.fields.end());
    }
  }

  const json::value* find(json::string_view name) const {
    const auto* value = config_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  std::string text(const std::string& pointer, const json::value& value) {
    if (!value.is_string()) {
      fault(pointer, "must be a string");
      return {};
    }
    std::string out(value.get_string());
    if (out.find('\0') != std::string::npos) fault(pointer, "must not contain a NUL character");
    return out;
  }

  /// A number and a boolean stand for their text: so a placeholder gives an argument whatever its value's type is.
  std::string word(const std::string& pointer, const json::value& value) {
    return value.is_number() || value.is_bool() ? plain_text(value) : text(pointer, value);
  }

  std::string text(const std::string& name) {
    const auto* value = find(name);
    return value == nullptr ? std::string() : text(name, *value);
  }

  bool flag(const std::string& name) {
    const auto* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) fault(name, "must be true or false");
    return value->is_bool() && value->get_bool();
  }

  std::optional<std::uint64_t> whole(const std::string& pointer, const json::value& value, std::uint64_t least,
                                     std::uint64_t most) {
    boost::system::error_code bad;
    const auto number = value.to_number<std::uint64_t>(bad);
    if (!bad && number >= least && number <= most) return number;
    fault(pointer, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }

  template <class Visit>
  void list(const std::string& name, std::size_t most, Visit visit) {
    const auto* value = find(name);
    if (value == nullptr) return;
    if (!value->is_array()) return fault(name, "must be a list");
    if (value->get_array().size() > most) return fault(name, "must have at most " + std::to_string(most) + " entries");
    std::size_t i = 0;
    for (const auto& entry : value->get_array()) visit(name + "/" + std::to_string(i++), entry);
  }

  const json::object* object(const std::string& name) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) fault(name, "must be an object");
    return value->if_object();
  }

  const json::object& config() const { return config_; }
  const Error& faults() const { return faults_; }

 private:
  const json::object& config_;
  Error faults_{};
};

void refuse_unknown(Reader& reader, const json::object& object, const std::string& below,
                    std::initializer_list<json::string_view> known) {
  for (const auto& [key, value] : object) {
    if (std::find(known.begin(), known.end(), json::string_view(key)) == known.end())
      reader.fault(below + std::string(key), "unknown field");
  }
}

/// Names that would change what program runs, or that no environment can hold.
bool is_refused_name(std::string_view name) {
  return name.empty() || name.find('=') != name.npos || name.find('\0') != name.npos || name == "PATH" ||
         name == "BASH_ENV" || name == "ENV" || name.substr(0, 3) == "LD_" || name.starts_with("BASH_FUNC_") ||
         name == "SHELLOPTS" || name == "BASHOPTS" || name == "PS4" || name == "GCONV_PATH";
}

void read_env(Reader& reader, Script& script) {
  const auto* env = reader.object("env");
  if (env == nullptr) return;
  for (const auto& [key, value] : *env) {
    const std::string name(key);
    if (is_refused_name(name)) {
      reader.fault("env/" + name,
                   "cannot be set; PATH, LD_*, BASH_ENV, BASH_FUNC_*, SHELLOPTS, BASHOPTS, PS4, ENV, GCONV_PATH, empty "
                   "names and names with '=' are refused");
      continue;
    }
    script.env.emplace_back(name, reader.word("env/" + name, value));
  }
}

void read_limits(Reader& reader, ScriptLimits& limits) {
  const auto* object = reader.object("limits");
  if (object == nullptr) return;
  refuse_unknown(reader, *object, "limits/", {"cpuSeconds", "memoryBytes", "openFiles", "processes", "fileBytes"});
  const auto read = [&](const char* name, std::uint64_t least, std::uint64_t most) -> std::optional<std::uint64_t> {
    const auto* value = object->if_contains(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return reader.whole(std::string("limits/") + name, *value, least, most);
  };
  limits.cpu_seconds = read("cpuSeconds", 1, 30ULL * 24 * 3600);
  limits.memory_bytes = read("memoryBytes", 1024 * 1024, 1ULL << 46);
  limits.open_files = read("openFiles", 8, 1 << 20);
  limits.processes = read("processes", 1, 1 << 22);
  limits.file_bytes = read("fileBytes", 1, 1ULL << 46);
}

}  // namespace

Result<ScriptConfig> read_script_config(const json::object& config) {
  Reader reader(config);
  refuse_unknown(reader, config, "", {"command", "args", "cwd", "env", "stdin", "shell", "noRetryExitCodes", "limits"});
  ScriptConfig out;
  Script& script = out.script;
  script.command = reader.text("command");
  if (script.command.empty() && reader.faults().fields.empty())
    reader.fault("command", "must be given: the program to run");
  script.cwd = reader.text("cwd");
  if (const auto* input = reader.find("stdin")) {
    script.stdin_text = input->is_string() ? reader.text("stdin", *input) : plain_text(*input);
  }
  script.shell = reader.flag("shell");
  reader.list("args", kMaxArgs,
              [&](const std::string& at, const json::value& value) { script.args.push_back(reader.word(at, value)); });
  reader.list("noRetryExitCodes", 256, [&](const std::string& at, const json::value& value) {
    if (const auto code = reader.whole(at, value, 0, 255))
      script.no_retry_exit_codes.push_back(static_cast<int>(*code));
  });
  read_env(reader, script);
  read_limits(reader, out.limits);
  if (!reader.faults().fields.empty()) return reader.faults();
  return out;
}

}  // namespace taskcore
