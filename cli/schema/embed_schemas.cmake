# haldane_embed_schemas(<variable>): writes schemas_data.cpp from schema/*.json, so that the binary
# prints the contracts it was built with and needs no file at run time.
function(haldane_embed_schemas variable)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/schemas_data.cpp")
  file(GLOB schemas CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/schema/*.json")
  add_custom_command(
    OUTPUT "${generated}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${generated}" "-DSCHEMAS=${schemas}"
            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/write_schemas.cmake"
    DEPENDS ${schemas} "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/write_schemas.cmake"
    COMMENT "Embedding schema/*.json" VERBATIM)
  set(${variable} "${generated}" PARENT_SCOPE)
endfunction()
