# frozen_string_literal: true

require "json"

# Responses as API Gateway expects them:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
def respond(status, body, content_type = "application/json")
  { statusCode: status, headers: { "Content-Type" => content_type }, body: JSON.generate(body) }
end

# Says what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
def problem(status, title, detail)
  respond(status, { title:, status:, detail: }, "application/problem+json")
end

def bad_request(detail)
  problem(400, "Bad Request", detail)
end
