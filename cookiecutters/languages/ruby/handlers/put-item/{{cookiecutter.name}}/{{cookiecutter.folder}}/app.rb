# frozen_string_literal: true

require "aws-sdk-dynamodb"
require "json"

MAX_BYTES = 1024
MAX_QUANTITY = (2**31) - 1
ID_PATTERN = /\A[A-Za-z0-9_-]{1,100}\z/

# Created once for each execution environment. The SDK's own timeouts, 15 and 60 seconds, are longer than the function
# may run.
DYNAMODB = Aws::DynamoDB::Client.new(retry_mode: "standard", http_open_timeout: 1, http_read_timeout: 2)
TABLE_NAME = ENV.fetch("TABLE_NAME")

# A request that is refused; its message is for the client.
class BadRequest < StandardError; end

# Stores an item with the id in the path, if there is none yet. It answers
# PUT /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
def lambda_handler(event:, context:)
  id = event.dig("pathParameters", "id")
  raise BadRequest, "id must have 1 to 100 letters, digits, hyphens or underscores" unless ID_PATTERN.match?(id)

  body = event["body"].to_s
  if body.bytesize > MAX_BYTES
    return problem(413, "Content Too Large", "the body must not have more than #{MAX_BYTES} bytes")
  end

  store({ id:, **parse(body) })
rescue BadRequest => e
  problem(400, "Bad Request", e.message)
end

# Returns what the body of a request has of an item, or raises BadRequest.
def parse(body)
  request = JSON.parse(body)
  raise BadRequest, "the body must be a JSON object" unless request.is_a?(Hash)

  name, quantity = request.values_at("name", "quantity")
  raise BadRequest, "name must be a string of 1 to 100 characters" unless name?(name)
  raise BadRequest, "quantity must be an integer from 0 to #{MAX_QUANTITY}" unless quantity?(quantity)

  { name:, quantity: }
rescue JSON::ParserError
  raise BadRequest, "the body must be a JSON object"
end

# Returns whether it may be a name. Broken text, which the escape \udc00 in JSON becomes in Ruby, cannot be stored.
def name?(value)
  value.is_a?(String) && value.valid_encoding? && value.length.between?(1, 100)
end

def quantity?(value)
  value.is_a?(Integer) && value.between?(0, MAX_QUANTITY)
end

def store(item)
  DYNAMODB.put_item(table_name: TABLE_NAME, item:, condition_expression: "attribute_not_exists(id)")
  respond(201, item)
rescue Aws::DynamoDB::Errors::ConditionalCheckFailedException
  # Also if the SDK's first attempt stored the item, the answer was lost, and the SDK tried again.
  problem(409, "Conflict", "there is an item with this id already")
end

# Says what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
def problem(status, title, detail)
  respond(status, { title:, status:, detail: }, "application/problem+json")
end

def respond(status, body, content_type = "application/json")
  { statusCode: status, headers: { "Content-Type" => content_type }, body: JSON.generate(body) }
end
