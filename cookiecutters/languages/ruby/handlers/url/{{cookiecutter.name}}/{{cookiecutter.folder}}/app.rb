# frozen_string_literal: true

require "json"

# Answers GET / with a greeting. Requests with any other path or method reach the function as well:
# https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
def lambda_handler(event:, context:)
  path = event["rawPath"]
  return problem(404, "Not Found", "there is nothing at #{path}") unless path == "/"
  return problem(405, "Method Not Allowed", "use GET", "Allow" => "GET") unless method_of(event) == "GET"

  # Without a query, the event has no parameters.
  name = event.dig("queryStringParameters", "name").to_s
  name = "world" if name.empty?
  respond(200, { message: "hello #{name}" })
end

def method_of(event)
  event.dig("requestContext", "http", "method")
end

# Says what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
def problem(status, title, detail, headers = {})
  respond(status, { title:, status:, detail: }, "Content-Type" => "application/problem+json", **headers)
end

def respond(status, body, headers = { "Content-Type" => "application/json" })
  { statusCode: status, headers:, body: JSON.generate(body) }
end
