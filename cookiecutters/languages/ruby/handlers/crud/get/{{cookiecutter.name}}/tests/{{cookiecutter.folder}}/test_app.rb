# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "fake_dynamodb"

ENV["TABLE_NAME"] = "table"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  Output = Data.define(:item)
  # A number that is no Integer, as BigDecimal is none, with which the SDK answers.
  PENCIL = { "version" => 1r, "quantity" => 3r, "name" => "Pencil", "id" => "pencil" }.freeze

  def setup
    DYNAMODB.requests.clear
    DYNAMODB.answer = Output.new(item: PENCIL)
  end

  def test_sample_event
    response = lambda_handler(event: JSON.parse(File.read(EVENT)), context: nil)

    assert_equal(
      {
        statusCode: 200,
        headers: { "Content-Type" => "application/json" },
        body: '{"id":"pencil","name":"Pencil","quantity":3,"version":1}'
      },
      response
    )
  end

  def test_reads_consistently
    get("pencil")

    parameters = { table_name: "table", key: { "id" => "pencil" }, consistent_read: true }
    assert_equal [[:get_item, parameters]], DYNAMODB.requests
  end

  def test_no_such_item
    DYNAMODB.answer = Output.new(item: nil)

    assert_problem get("pen"), 404, "Not Found", "there is no item with this id"
  end

  ["1", "aZ09_-", "a" * 100].each do |id|
    define_method("test_valid_id_#{id}") do
      assert_equal 200, get(id)[:statusCode]
    end
  end

  [nil, "", "a b", "a/b", "é", "a\n", "a" * 101].each do |id|
    define_method("test_invalid_id_#{id.inspect}") do
      assert_problem get(id), 400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores"
      assert_empty DYNAMODB.requests
    end
  end

  def test_table_that_does_not_answer
    DYNAMODB.answer = Aws::DynamoDB::Errors::ProvisionedThroughputExceededException.new

    assert_raises(Aws::DynamoDB::Errors::ProvisionedThroughputExceededException) { get("pencil") }
  end

  private

  def get(id)
    lambda_handler(event: { "pathParameters" => { "id" => id } }, context: nil)
  end

  def assert_problem(response, status, title, detail)
    headers = { "Content-Type" => "application/problem+json" }
    assert_equal({ statusCode: status, headers:, body: JSON.generate({ title:, status:, detail: }) }, response)
  end
end
