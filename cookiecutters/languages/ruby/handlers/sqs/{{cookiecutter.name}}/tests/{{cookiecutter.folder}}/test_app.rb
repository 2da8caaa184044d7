# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "../../{{ cookiecutter.folder }}/app"

class AppTest < Minitest::Test
  EVENT = File.expand_path("../../events/{{ cookiecutter.folder }}/event.json", __dir__)

  def test_names_the_message_that_is_no_order
    response, out, err = invoke(JSON.parse(File.read(EVENT)))

    assert_equal({ batchItemFailures: [{ itemIdentifier: "2e1424d4-f796-459a-8184-9c92662be6da" }] }, response)
    assert_equal "order 1001: 2\n", out
    assert_includes err, "2e1424d4-f796-459a-8184-9c92662be6da"
  end

  def test_refuses_json_that_is_no_order
    bodies = [
      "[]",
      "null",
      '{"orderId": "1001"}',
      '{"orderId": "", "quantity": 2}',
      '{"orderId": 1001, "quantity": 2}',
      '{"orderId": "1001", "quantity": 0}',
      '{"orderId": "1001", "quantity": "2"}',
      '{"orderId": "1001", "quantity": 1.5}'
    ]

    response, out, = invoke(batch(bodies))

    assert_equal({ batchItemFailures: bodies.each_index.map { |index| { itemIdentifier: index.to_s } } }, response)
    assert_empty out
  end

  def test_goes_on_after_a_message_that_failed
    response, out, = invoke(batch(["no", '{"orderId": "1002", "quantity": 1}']))

    assert_equal({ batchItemFailures: [{ itemIdentifier: "0" }] }, response)
    assert_equal "order 1002: 1\n", out
  end

  def test_names_nothing_when_all_is_well
    response, out, err = invoke(batch(['{"orderId": "1001", "quantity": 2}', '{"orderId": "1002", "quantity": 1}']))

    assert_equal({ batchItemFailures: [] }, response)
    assert_equal "order 1001: 2\norder 1002: 1\n", out
    assert_empty err
  end

  private

  def batch(bodies)
    { "Records" => bodies.each_with_index.map { |body, index| { "messageId" => index.to_s, "body" => body } } }
  end

  # What the function answers, then what it writes to standard output and to standard error.
  def invoke(event)
    response = nil
    out, err = capture_io { response = lambda_handler(event:, context: nil) }
    [response, out, err]
  end
end
