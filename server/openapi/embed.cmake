# cmake -DPARTS=a.json,b.json -DSTYLE=page.css -DOUTPUT=file.cpp -P embed.cmake: the texts of the reference as strings of
# the program.
string(REPLACE "," ";" parts "${PARTS}")
set(text "// Made from the files of server/openapi.
#include \"openapi/texts.hpp\"

namespace taskd {

std::vector<std::string_view> openapi_parts() {
  return {\n")
foreach(part IN LISTS parts)
  file(READ "${part}" json)
  string(APPEND text "R\"__text__(${json})__text__\",\n")
endforeach()
file(READ "${STYLE}" style)
string(APPEND text "};\n}\n\nstd::string_view page_style() { return R\"__text__(${style})__text__\"; }\n\n}  // namespace taskd\n")
file(WRITE "${OUTPUT}" "${text}")
