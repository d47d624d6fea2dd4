// What the child holds, over time: memory, descriptors, the sizes of its files.
#pragma once

#include <sys/types.h>

#include <boost/json/array.hpp>
#include <iosfwd>
#include <string>
#include <vector>

namespace taskcore::soak {

struct Sample {
  double at = 0;   ///< Seconds since the start of all.
  double age = 0;  ///< Seconds since the start of this life.
  int life = 0;
  double resident = 0;  ///< Bytes, as the other two.
  double database = 0;
  double wal = 0;
  int descriptors = 0;
};

class Samples {
 public:
  /// Takes one, unless the process is gone.
  void take(double at, double age, int life, pid_t pid, const std::string& database);

  /// At most 18 of them, evenly spread.
  void print(std::ostream& out) const;
  boost::json::array json() const;

  /// Of samples from lives that are older than `warm_up` seconds: the median of the last quarter over that of the
  /// first. 0 when there are too few.
  double growth(double Sample::*what, double warm_up) const;

 private:
  std::vector<Sample> shown() const;
  std::vector<Sample> all_{};
};

}  // namespace taskcore::soak
