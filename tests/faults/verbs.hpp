// Every verb of a store, as something to be called on rows that are known.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore::faults {

/// Gives what it answered, as text.
struct ReadVerb {
  const char* name;
  std::function<Result<std::string>(StoreReader&)> act;
};

/// The same inside a transaction; some of them only read.
struct WriteVerb {
  const char* name;
  std::function<Result<std::string>(Store&)> act;
};

/// Fills an open store with the rows that the verbs expect.
void fill(Store& store);

const std::vector<ReadVerb>& read_verbs();
const std::vector<WriteVerb>& write_verbs();

}  // namespace taskcore::faults
