# frozen_string_literal: true

require_relative "responses"
require_relative "table"

# Deletes the item with the id in the path. It answers
# DELETE /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
def lambda_handler(event:, context:)
  id = event.dig("pathParameters", "id")
  return bad_request("id must have 1 to 100 letters, digits, hyphens or underscores") unless ID_PATTERN.match?(id)

  DYNAMODB.delete_item(table_name: TABLE_NAME, key: { "id" => id }, condition_expression: "attribute_exists(id)")
  { statusCode: 204 }
rescue Aws::DynamoDB::Errors::ConditionalCheckFailedException
  # Also if the SDK's first attempt deleted the item, the answer was lost, and the SDK tried again.
  problem(404, "Not Found", "there is no item with this id")
end
