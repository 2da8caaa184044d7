# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "fake_dynamodb"

ENV["TABLE_NAME"] = "table"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")

  def setup
    DYNAMODB.requests.clear
    DYNAMODB.answer = nil
  end

  def test_sample_event
    assert_equal({ statusCode: 204 }, lambda_handler(event: JSON.parse(File.read(EVENT)), context: nil))

    condition_expression = "attribute_exists(id)"
    parameters = { table_name: "table", key: { "id" => "pencil" }, condition_expression: }
    assert_equal [[:delete_item, parameters]], DYNAMODB.requests
  end

  def test_no_such_item
    DYNAMODB.answer = Aws::DynamoDB::Errors::ConditionalCheckFailedException.new

    assert_problem delete("pen"), 404, "Not Found", "there is no item with this id"
  end

  ["1", "aZ09_-", "a" * 100].each do |id|
    define_method("test_valid_id_#{id}") do
      assert_equal 204, delete(id)[:statusCode]
    end
  end

  [nil, "", "a b", "a/b", "é", "a\n", "a" * 101].each do |id|
    define_method("test_invalid_id_#{id.inspect}") do
      assert_problem delete(id), 400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores"
      assert_empty DYNAMODB.requests
    end
  end

  def test_table_that_does_not_answer
    DYNAMODB.answer = Aws::DynamoDB::Errors::ProvisionedThroughputExceededException.new

    assert_raises(Aws::DynamoDB::Errors::ProvisionedThroughputExceededException) { delete("pencil") }
  end

  private

  def delete(id)
    lambda_handler(event: { "pathParameters" => { "id" => id } }, context: nil)
  end

  def assert_problem(response, status, title, detail)
    headers = { "Content-Type" => "application/problem+json" }
    assert_equal({ statusCode: status, headers:, body: JSON.generate({ title:, status:, detail: }) }, response)
  end
end
