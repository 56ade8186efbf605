# cmake -DOUTPUT=file.cpp -DSCHEMAS="a;b" -P write_schemas.cmake
# A string literal may hold 64 KiB only, so the bytes are written as an array of characters.
set(text "#include \"cli/schema/schemas.h\"\n\nnamespace haldane::cli {\nnamespace {\n")
set(entries "")
set(index 0)
foreach(schema ${SCHEMAS})
  get_filename_component(name "${schema}" NAME)
  string(REGEX REPLACE "(\\.schema)?\\.json$" "" name "${name}")
  file(READ "${schema}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND text "constexpr char schema_${index}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "    {\"${name}\", {schema_${index}, sizeof(schema_${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND text "}  // namespace\n\nconst std::vector<Schema>& schemas() {\n"
  "  static const std::vector<Schema> all = {\n${entries}  };\n  return all;\n}\n\n}  // namespace haldane::cli\n")
file(WRITE "${OUTPUT}" "${text}")
