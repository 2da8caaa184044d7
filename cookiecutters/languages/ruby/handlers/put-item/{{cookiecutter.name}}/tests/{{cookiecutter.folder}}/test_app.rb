# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "fake_dynamodb"

ENV["TABLE_NAME"] = "table"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  GOOD = '{"name": "Pencil", "quantity": 3}'
  BODY = "the body must be a JSON object"
  NAME = "name must be a string of 1 to 100 characters"
  QUANTITY = "quantity must be an integer from 0 to 2147483647"

  def setup
    DYNAMODB.requests.clear
    DYNAMODB.error = nil
  end

  def test_sample_event
    response = lambda_handler(event: JSON.parse(File.read(EVENT)), context: nil)

    item = { id: "pencil", name: "Pencil", quantity: 3 }
    assert_stored response, item
    condition_expression = "attribute_not_exists(id)"
    assert_equal [{ table_name: "table", item:, condition_expression: }], DYNAMODB.requests
  end

  def test_item_that_is_there
    DYNAMODB.error = Aws::DynamoDB::Errors::ConditionalCheckFailedException.new

    assert_problem put("pencil", GOOD), 409, "Conflict", "there is an item with this id already"
  end

  def test_table_that_does_not_answer
    DYNAMODB.error = Aws::DynamoDB::Errors::ProvisionedThroughputExceededException.new

    assert_raises(Aws::DynamoDB::Errors::ProvisionedThroughputExceededException) { put("pencil", GOOD) }
  end

  [
    ["1", "1", 0],
    ["aZ09_-", "é" * 100, 2_147_483_647],
    ["a" * 100, "\u{1F58A}" * 100, 3]
  ].each do |id, name, quantity|
    define_method("test_valid_item_#{id}_#{name}") do
      response = put(id, JSON.generate({ quantity:, name:, colour: "red" }))

      assert_stored response, { id:, name:, quantity: }
    end
  end

  [nil, "", "a b", "a/b", "é", "a\n", "a" * 101].each do |id|
    define_method("test_invalid_id_#{id.inspect}") do
      assert_refused put(id, GOOD), 400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores"
    end
  end

  def test_no_id
    response = lambda_handler(event: { "pathParameters" => nil, "body" => GOOD }, context: nil)

    assert_equal 400, response[:statusCode]
  end

  def test_largest_body
    assert_equal 201, put("pencil", GOOD.ljust(1024))[:statusCode]
  end

  [GOOD.ljust(1025), "é" * 513].each do |body|
    define_method("test_body_of_#{body.bytesize}_bytes") do
      detail = "the body must not have more than 1024 bytes"
      assert_refused put("pencil", body), 413, "Content Too Large", detail
    end
  end

  {
    nil => BODY,
    "" => BODY,
    "this is not JSON" => BODY,
    "[]" => BODY,
    "null" => BODY,
    "#{GOOD} {}" => BODY,
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
    '{"name": "Pencil", "quantity": 2147483648}' => QUANTITY
  }.each do |body, detail|
    define_method("test_invalid_body_#{body.inspect}") do
      assert_refused put("pencil", body), 400, "Bad Request", detail
    end
  end

  private

  def put(id, body)
    lambda_handler(event: { "httpMethod" => "PUT", "pathParameters" => { "id" => id }, "body" => body }, context: nil)
  end

  def assert_stored(response, item)
    headers = { "Content-Type" => "application/json" }
    assert_equal({ statusCode: 201, headers:, body: JSON.generate(item) }, response)
  end

  def assert_problem(response, status, title, detail)
    headers = { "Content-Type" => "application/problem+json" }
    assert_equal({ statusCode: status, headers:, body: JSON.generate({ title:, status:, detail: }) }, response)
  end

  def assert_refused(...)
    assert_problem(...)
    assert_empty DYNAMODB.requests
  end
end
