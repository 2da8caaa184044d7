# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "stringio"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  CONTEXT = Data.define(:aws_request_id).new("7f3c")
  GOOD = '{"orderId": "1001", "quantity": 2}'
  VALID = [
    '{"orderId": "1001", "quantity": 1}',
    '{"orderId": "1001", "quantity": 2147483647}',
    '{"orderId": "1001", "quantity": 2, "note": "for Alice"}'
  ].freeze
  INVALID = [
    "[]",
    "null",
    "{}",
    "this is not an order",
    '{"quantity": 2}',
    '{"orderId": "", "quantity": 2}',
    '{"orderId": "\udc00", "quantity": 2}',
    '{"orderId": 1001, "quantity": 2}',
    '{"orderId": "1001"}',
    '{"orderId": "1001", "quantity": 0}',
    '{"orderId": "1001", "quantity": -1}',
    '{"orderId": "1001", "quantity": 1.5}',
    '{"orderId": "1001", "quantity": 2.0}',
    '{"orderId": "1001", "quantity": 2e0}',
    '{"orderId": "1001", "quantity": "2"}',
    '{"orderId": "1001", "quantity": true}',
    '{"orderId": "1001", "quantity": null}',
    '{"orderId": "1001", "quantity": 2147483648}',
    '{"orderId": "1001", "quantity": 99999999999999999999}',
    '{"orderid": "1001", "quantity": 2}',
    '{"OrderId": "1001", "Quantity": 2}',
    '{"orderId": "1001", "quantity": 2} {}'
  ].freeze

  def setup
    @log = StringIO.new
    LOGGER.reopen(@log)
    LOGGER.formatter = FieldFormatter.new(json: true)
  end

  def test_sample_event
    assert_equal ["2e1424d4-f796-459a-8184-9c92662be6da"], failed_ids(JSON.parse(File.read(EVENT)))
  end

  VALID.each do |body|
    define_method("test_valid_order_#{body}") do
      assert_empty failed_ids(batch(body))
    end
  end

  INVALID.each do |body|
    define_method("test_invalid_order_#{body}") do
      assert_equal %w[0 2], failed_ids(batch(body, GOOD, body))
    end
  end

  def test_order_that_cannot_be_processed
    define_singleton_method(:process) { |order| raise IOError, "no connection" if order.quantity == 2 }

    assert_equal %w[0 2], failed_ids(batch(GOOD, VALID.first, GOOD))
    assert_equal "IOError", log_lines.fetch(0)["errorType"]
  end

  def test_logs_an_order
    failed_ids(batch(GOOD))

    order = { "message" => "order processed", "order_id" => "1001", "quantity" => 2 }
    assert_equal [{ "level" => "INFO", "requestId" => "7f3c", **order }], log_lines
  end

  def test_logs_a_failure_with_its_stack_trace
    failed_ids(batch("no order"))

    line = log_lines.fetch(0)
    assert_equal ["ERROR", "message failed", "0"], line.values_at("level", "message", "message_id")
    assert_equal "JSON::ParserError", line["errorType"]
    assert_includes line["stackTrace"].join("\n"), "app.rb"
  end

  def test_logs_broken_text
    LOGGER.error(message: "message failed", exception: ArgumentError.new("half a character: \xE2\x82"))

    assert_equal "half a character: \uFFFD", log_lines.fetch(0)["errorMessage"]
  end

  def test_logs_text
    LOGGER.formatter = FieldFormatter.new(json: false)

    failed_ids(batch(GOOD, "no order"))

    assert_match(/ INFO -- 7f3c: order processed order_id=1001 quantity=2$/, @log.string)
    assert_match(/ERROR -- 7f3c: message failed message_id=1$/, @log.string)
    assert_includes @log.string, "(JSON::ParserError)"
  end

  private

  def failed_ids(event)
    lambda_handler(event:, context: CONTEXT).fetch(:batchItemFailures).map { |failure| failure.fetch(:itemIdentifier) }
  end

  def batch(*bodies)
    { "Records" => bodies.each_with_index.map { |body, index| { "messageId" => index.to_s, "body" => body } } }
  end

  def log_lines
    @log.string.each_line.map { |line| JSON.parse(line).except("timestamp") }
  end
end
