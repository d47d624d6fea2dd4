// The reference as a page: see page.hpp. Schemas are schema_html.cpp's.
#include "openapi/page.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "openapi/curl.hpp"
#include "openapi/document.hpp"
#include "openapi/html.hpp"
#include "openapi/operation.hpp"
#include "openapi/schema_html.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

std::string_view text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr ? std::string_view(value->as_string()) : std::string_view();
}

std::string id_of(std::string_view tag) {
  std::string out = "tag-";
  for (const char c : tag) out += c == ' ' ? '-' : c;
  return out;
}

bool is_of(const Operation& operation, std::string_view tag) {
  return operation.said->at("tags").at(0).as_string() == tag;
}

std::string title_of(const Operation& operation) {
  return "<span class=\"method\">" + operation.method + "</span><code>" + escaped(operation.path) + "</code>";
}

std::string parameter_table(const Operation& operation) {
  if (operation.parameters.empty()) return {};
  std::string out =
      "<h4>Parameters</h4>\n<div class=\"scroll\"><table><tr><th>Name</th><th>In</th><th>Type</th><th></th></tr>\n";
  for (const json::object* parameter : operation.parameters) {
    const auto* required = parameter->if_contains("required");
    const bool needed = required != nullptr && required->as_bool() && text(*parameter, "in") != "path";
    out += "<tr><td><code>" + escaped(text(*parameter, "name")) + "</code>" +
           (needed ? "<br><span class=\"needed\">needed</span>" : "") + "</td><td>" + escaped(text(*parameter, "in")) +
           "</td><td>" + schema_words(parameter->at("schema").as_object()) + "</td><td>" +
           prose(text(*parameter, "description")) + "</td></tr>\n";
  }
  return out + "</table></div>\n";
}

std::string body_section(const Operation& operation) {
  if (operation.body == nullptr) return {};
  const json::object& schema = operation.body->at("content").at("application/json").at("schema").as_object();
  const auto* required = operation.body->if_contains("required");
  std::string out = "<h4>Body</h4>\n<p>" + schema_words(schema);
  out += required != nullptr && required->as_bool() ? "</p>\n" : ", or none</p>\n";
  if (const auto said = text(*operation.body, "description"); !said.empty()) out += prose(said);
  return out + schema_table(schema);
}

std::string answer_row(const json::object& document, std::string_view status, const json::object& response) {
  std::string out = "<tr><td>" + (status == "default" ? "others" : std::string(status)) + "</td><td>" +
                    prose(text(response, "description"));
  if (const auto* headers = response.if_contains("headers")) {
    for (const auto& [name, header] : headers->as_object()) {
      out += "<p><code>" + escaped(name) + "</code></p>" + prose(text(resolved(document, header), "description"));
    }
  }
  out += "</td><td>";
  if (const auto* content = response.if_contains("content")) {
    for (const auto& [type, media] : content->as_object()) {
      const json::object& schema = media.at("schema").as_object();
      out += schema_words(schema) + (type == "application/json" ? "" : " <code>" + escaped(type) + "</code>") +
             schema_table(schema);
    }
  }
  return out + "</td></tr>\n";
}

std::string operation_section(const json::object& document, const Operation& operation) {
  std::string out = "<h3 id=\"" + escaped(operation.id()) + "\">" + title_of(operation) + "</h3>\n<p><b>" +
                    escaped(text(*operation.said, "summary")) + ".</b></p>\n" +
                    prose(text(*operation.said, "description")) + parameter_table(operation) + body_section(operation);
  out += "<h4>Answers</h4>\n<div class=\"scroll\"><table><tr><th>Status</th><th></th><th>Body</th></tr>\n";
  for (const auto& [status, response] : operation.said->at("responses").as_object()) {
    out += answer_row(document, status, resolved(document, response));
  }
  return out + "</table></div>\n<h4>For example</h4>\n<pre><code>" + escaped(curl_example(operation)) +
         "</code></pre>\n";
}

std::string contents(const json::object& document, const std::vector<Operation>& operations) {
  std::string out = "<nav aria-label=\"Contents\">\n";
  for (const json::value& tag : document.at("tags").as_array()) {
    const std::string_view name = tag.at("name").as_string();
    out += "<h2><a href=\"#" + escaped(id_of(name)) + "\">" + escaped(name) + "</a></h2>\n<ul>\n";
    for (const Operation& operation : operations) {
      if (!is_of(operation, name)) continue;
      out += "<li><a href=\"#" + escaped(operation.id()) + "\">" + escaped(text(*operation.said, "summary")) +
             "</a></li>\n";
    }
    out += "</ul>\n";
  }
  return out + "<h2><a href=\"#schemas\">Schemas</a></h2>\n</nav>\n";
}

}  // namespace

std::string reference_page(const json::object& document) {
  const std::vector<Operation> operations = operations_of(document);
  const json::object& info = document.at("info").as_object();
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>taskd: the REST "
      "interface</title>\n"
      "<link rel=\"stylesheet\" href=\"/docs/page.css\">\n</head>\n<body>\n";
  out += contents(document, operations) + "<main>\n<h1>" + escaped(text(info, "title")) + " " +
         escaped(text(info, "version")) + "</h1>\n<p>" + escaped(text(info, "summary")) +
         " This page is made from <a href=\"/openapi.json\">openapi.json</a>.</p>\n" + prose(text(info, "description"));
  for (const auto& [name, scheme] : document.at("components").at("securitySchemes").as_object()) {
    out += "<h2>Tokens</h2>\n" + prose(text(scheme.as_object(), "description"));
  }
  out += "<p>The examples below take these to be set:</p>\n<pre><code>" + escaped(curl_setup()) + "</code></pre>\n";
  for (const json::value& tag : document.at("tags").as_array()) {
    const std::string_view name = tag.at("name").as_string();
    out += "<h2 id=\"" + escaped(id_of(name)) + "\">" + escaped(name) + "</h2>\n" +
           prose(text(tag.as_object(), "description"));
    for (const Operation& operation : operations) {
      if (is_of(operation, name)) out += operation_section(document, operation);
    }
  }
  out += "<h2 id=\"schemas\">Schemas</h2>\n";
  for (const auto& [name, schema] : document.at("components").at("schemas").as_object()) {
    const json::object& shape = schema.as_object();
    out += "<h3 id=\"schema-" + escaped(name) + "\">" + escaped(name) + "</h3>\n" + prose(text(shape, "description")) +
           (schema_table(shape).empty() ? "<p>" + schema_words(shape) + "</p>\n" : schema_table(shape));
  }
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace taskd
