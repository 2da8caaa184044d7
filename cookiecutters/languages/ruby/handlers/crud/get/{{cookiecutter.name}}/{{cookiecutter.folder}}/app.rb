# frozen_string_literal: true

require_relative "responses"
require_relative "table"

# Returns the item with the id in the path. It answers
# GET /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
def lambda_handler(event:, context:)
  id = event.dig("pathParameters", "id")
  return bad_request("id must have 1 to 100 letters, digits, hyphens or underscores") unless ID_PATTERN.match?(id)

  # Read consistently, so that whoever has just stored the item finds it.
  item = DYNAMODB.get_item(table_name: TABLE_NAME, key: { "id" => id }, consistent_read: true).item
  return problem(404, "Not Found", "there is no item with this id") unless item

  respond(200, to_item(item))
end

# The SDK has numbers as BigDecimal, of which JSON makes strings.
def to_item(attributes)
  id, name, quantity, version = attributes.values_at("id", "name", "quantity", "version")
  { id:, name:, quantity: quantity.to_i, version: version.to_i }
end
