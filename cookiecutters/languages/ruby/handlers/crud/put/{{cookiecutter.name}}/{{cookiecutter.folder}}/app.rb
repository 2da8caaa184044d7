# frozen_string_literal: true

require_relative "request"
require_relative "responses"
require_relative "table"

# Stores an item with the id in the path: a new one, or one in the place of the version that the client has read. It
# answers PUT /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
def lambda_handler(event:, context:)
  id = event.dig("pathParameters", "id")
  return bad_request("id must have 1 to 100 letters, digits, hyphens or underscores") unless ID_PATTERN.match?(id)

  request = Request.new(event)
  item = { id:, name: request.name, quantity: request.quantity, version: request.version.to_i + 1 }
  request.version ? replace(item, request.version) : create(item)
rescue Request::Invalid => e
  bad_request(e.message)
end

# Stores a new item. It and replace answer 409 also if the SDK's first attempt stored the item, the answer was lost, and
# the SDK tried again.
def create(item)
  DYNAMODB.put_item(table_name: TABLE_NAME, item:, condition_expression: "attribute_not_exists(id)")
  respond(201, item)
rescue Aws::DynamoDB::Errors::ConditionalCheckFailedException
  problem(409, "Conflict", "there is an item with this id already; send its version to replace it")
end

# Is refused if somebody has replaced or deleted the item since the client read that version. One that was stored again
# after that begins at version 1 again.
def replace(item, version)
  DYNAMODB.put_item(
    table_name: TABLE_NAME,
    item:,
    condition_expression: "version = :version",
    expression_attribute_values: { ":version" => version }
  )
  respond(200, item)
rescue Aws::DynamoDB::Errors::ConditionalCheckFailedException
  problem(409, "Conflict", "the item does not have this version any more")
end
