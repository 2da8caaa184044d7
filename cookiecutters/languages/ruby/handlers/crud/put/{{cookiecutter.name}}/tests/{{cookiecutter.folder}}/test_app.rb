# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "fake_dynamodb"

ENV["TABLE_NAME"] = "table"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  NEW = '{"name": "Pencil", "quantity": 3}'
  REPLACING = '{"name": "Pencil", "quantity": 3, "version": 7}'
  BODY = "the body must be a JSON object"
  NAME = "name must be a string of 1 to 100 characters"
  QUANTITY = "quantity must be an integer from 0 to 2147483647"
  VERSION = "version must be an integer from 1 to 2147483647"

  def setup
    DYNAMODB.requests.clear
    DYNAMODB.answer = nil
  end

  def test_sample_event
    response = lambda_handler(event: JSON.parse(File.read(EVENT)), context: nil)

    item = { id: "pencil", name: "Pencil", quantity: 3, version: 1 }
    assert_stored response, 201, item
    condition_expression = "attribute_not_exists(id)"
    assert_equal [[:put_item, { table_name: "table", item:, condition_expression: }]], DYNAMODB.requests
  end

  def test_replaces_a_version
    response = put("pencil", REPLACING)

    item = { id: "pencil", name: "Pencil", quantity: 3, version: 8 }
    assert_stored response, 200, item
    condition = { condition_expression: "version = :version", expression_attribute_values: { ":version" => 7 } }
    assert_equal [[:put_item, { table_name: "table", item:, **condition }]], DYNAMODB.requests
  end

  {
    NEW => "there is an item with this id already; send its version to replace it",
    REPLACING => "the item does not have this version any more"
  }.each do |body, detail|
    define_method("test_conflict_#{body}") do
      DYNAMODB.answer = Aws::DynamoDB::Errors::ConditionalCheckFailedException.new

      assert_problem put("pencil", body), 409, "Conflict", detail
    end
  end

  [
    ["1", "1", 0, 1],
    ["aZ09_-", "é" * 100, 2_147_483_647, 2_147_483_647],
    ["a" * 100, "\u{1F58A}" * 100, 3, 1]
  ].each do |id, name, quantity, version|
    define_method("test_valid_item_#{id}_#{name}") do
      response = put(id, JSON.generate({ version:, quantity:, name:, colour: "red" }))

      assert_stored response, 200, { id:, name:, quantity:, version: version + 1 }
    end
  end

  def test_encoded_body
    assert_equal 201, put("pencil", [NEW].pack("m0"), encoded: true)[:statusCode]
  end

  # No base64, and no UTF-8.
  [NEW, "e30", ["{\"name\": \"\xE2\x82\", \"quantity\": 3}"].pack("m0")].each do |body|
    define_method("test_invalid_encoded_body_#{body}") do
      assert_refused put("pencil", body, encoded: true), BODY
    end
  end

  [nil, "", "a b", "a/b", "é", "a\n", "a" * 101].each do |id|
    define_method("test_invalid_id_#{id.inspect}") do
      assert_refused put(id, NEW), "id must have 1 to 100 letters, digits, hyphens or underscores"
    end
  end

  {
    nil => BODY,
    "" => BODY,
    "this is not JSON" => BODY,
    "[]" => BODY,
    "null" => BODY,
    "#{NEW} {}" => BODY,
    "{}" => NAME,
    '{"name": "", "quantity": 3}' => NAME,
    '{"name": 5, "quantity": 3}' => NAME,
    '{"name": null, "quantity": 3}' => NAME,
    '{"Name": "Pencil", "quantity": 3}' => NAME,
    JSON.generate({ name: "a" * 101, quantity: 3 }) => NAME,
    '{"name": "\udc00", "quantity": 3}' => NAME,
    '{"name": "Pencil"}' => QUANTITY,
    '{"name": "Pencil", "quantity": -1}' => QUANTITY,
    '{"name": "Pencil", "quantity": 1.5}' => QUANTITY,
    '{"name": "Pencil", "quantity": "3"}' => QUANTITY,
    '{"name": "Pencil", "quantity": true}' => QUANTITY,
    '{"name": "Pencil", "quantity": null}' => QUANTITY,
    '{"name": "Pencil", "quantity": 2147483648}' => QUANTITY,
    '{"name": "Pencil", "quantity": 3, "version": 0}' => VERSION,
    '{"name": "Pencil", "quantity": 3, "version": 1.5}' => VERSION,
    '{"name": "Pencil", "quantity": 3, "version": "1"}' => VERSION,
    '{"name": "Pencil", "quantity": 3, "version": true}' => VERSION,
    '{"name": "Pencil", "quantity": 3, "version": null}' => VERSION,
    '{"name": "Pencil", "quantity": 3, "version": 2147483648}' => VERSION
  }.each do |body, detail|
    define_method("test_invalid_body_#{body.inspect}") do
      assert_refused put("pencil", body), detail
    end
  end

  def test_table_that_does_not_answer
    DYNAMODB.answer = Aws::DynamoDB::Errors::ProvisionedThroughputExceededException.new

    assert_raises(Aws::DynamoDB::Errors::ProvisionedThroughputExceededException) { put("pencil", NEW) }
  end

  private

  def put(id, body, encoded: false)
    event = { "pathParameters" => { "id" => id }, "body" => body, "isBase64Encoded" => encoded }
    lambda_handler(event:, context: nil)
  end

  def assert_stored(response, status, item)
    headers = { "Content-Type" => "application/json" }
    assert_equal({ statusCode: status, headers:, body: JSON.generate(item) }, response)
  end

  def assert_problem(response, status, title, detail)
    headers = { "Content-Type" => "application/problem+json" }
    assert_equal({ statusCode: status, headers:, body: JSON.generate({ title:, status:, detail: }) }, response)
  end

  def assert_refused(response, detail)
    assert_problem response, 400, "Bad Request", detail
    assert_empty DYNAMODB.requests
  end
end
