# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "fake_dynamodb"

ENV["TABLE_NAME"] = "table"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  Page = Data.define(:items, :last_evaluated_key)
  # A number that is no Integer, as BigDecimal is none, with which the SDK answers.
  PENCIL = { "version" => 1r, "quantity" => 3r, "name" => "Pencil", "id" => "pencil" }.freeze

  def setup
    DYNAMODB.requests.clear
    DYNAMODB.answer = Page.new(items: [PENCIL], last_evaluated_key: nil)
  end

  def test_sample_event
    response = lambda_handler(event: JSON.parse(File.read(EVENT)), context: nil)

    assert_equal(
      {
        statusCode: 200,
        headers: { "Content-Type" => "application/json" },
        body: '{"items":[{"id":"pencil","name":"Pencil","quantity":3,"version":1}],"next":null}'
      },
      response
    )
    assert_equal [[:scan, { table_name: "table", limit: 2, exclusive_start_key: nil }]], DYNAMODB.requests
  end

  [{}, { "queryStringParameters" => nil }].each do |event|
    define_method("test_no_query_#{event}") do
      assert_equal 200, lambda_handler(event:, context: nil)[:statusCode]
      assert_equal 25, parameters[:limit]
    end
  end

  def test_empty_table
    DYNAMODB.answer = Page.new(items: [], last_evaluated_key: nil)

    assert_equal '{"items":[],"next":null}', list({})[:body]
  end

  # In the plain alphabet of base64, some of them have + or /, or =.
  ["pencil", "a", "ab", "abc", "~~~?".tr("~?", "_-"), "a" * 100].each do |id|
    define_method("test_next_page_after_#{id}") do
      DYNAMODB.answer = Page.new(items: [PENCIL], last_evaluated_key: { "id" => id })
      token = JSON.parse(list({ "limit" => "1" })[:body])["next"]

      assert_match(/\A[A-Za-z0-9_-]+\z/, token)
      DYNAMODB.requests.clear
      list({ "next" => token })
      assert_equal({ "id" => id }, parameters[:exclusive_start_key])
      assert_equal Encoding::UTF_8, parameters[:exclusive_start_key]["id"].encoding
    end
  end

  %w[1 100].each do |limit|
    define_method("test_limit_#{limit}") do
      assert_equal 200, list({ "limit" => limit })[:statusCode]
      assert_equal limit.to_i, parameters[:limit]
    end
  end

  ["", "0", "-1", "101", "1.5", "1e1", "ten", " 5", "1_0", "5\n", "99999999999999999999"].each do |limit|
    define_method("test_invalid_limit_#{limit.inspect}") do
      assert_refused list({ "limit" => limit }), "limit must be an integer from 1 to 100"
    end
  end

  # Nothing, no base64url, an id with a space, padding, other alphabets, line ends, bytes that are no text.
  ["", "!", "YSBi", "YQ==", "YQ=", "YR", "cGVu\n", "cGVu+", "_w"].each do |token|
    define_method("test_invalid_next_#{token.inspect}") do
      assert_refused list({ "next" => token }), "next must be the next of an earlier answer"
    end
  end

  def test_table_that_does_not_answer
    DYNAMODB.answer = Aws::DynamoDB::Errors::ProvisionedThroughputExceededException.new

    assert_raises(Aws::DynamoDB::Errors::ProvisionedThroughputExceededException) { list({}) }
  end

  private

  def list(query)
    lambda_handler(event: { "queryStringParameters" => query }, context: nil)
  end

  # Those of the only request.
  def parameters
    assert_equal 1, DYNAMODB.requests.size
    DYNAMODB.requests.first.last
  end

  def assert_refused(response, detail)
    assert_equal(
      {
        statusCode: 400,
        headers: { "Content-Type" => "application/problem+json" },
        body: JSON.generate({ title: "Bad Request", status: 400, detail: })
      },
      response
    )
    assert_empty DYNAMODB.requests
  end
end
