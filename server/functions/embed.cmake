# cmake -DINPUT=file -DOUTPUT=file.cpp -DNAME=name -P embed.cmake: a text file as a string of the program.
file(READ "${INPUT}" text)
get_filename_component(file "${INPUT}" NAME)
file(WRITE "${OUTPUT}" "// Made from ${file}.
#include \"functions/runner.hpp\"

namespace taskd {
const std::string_view ${NAME} = R\"__text__(${text})__text__\";
}  // namespace taskd
")
