// A request and its answer as plain values: what routing and endpoints see of HTTP.
#pragma once

#include <string>

namespace haldane::server {

struct Request {
  std::string method;        ///< "POST"
  std::string target;        ///< "/judge?x=1", as it was sent
  std::string content_type;  ///< empty when absent
  std::string body;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string allow;  ///< of 405: the methods that the path knows
};

}  // namespace haldane::server
