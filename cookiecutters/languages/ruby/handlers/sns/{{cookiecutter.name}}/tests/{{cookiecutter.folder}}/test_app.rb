# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "stringio"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENTS = File.join(__dir__, "../../{{ cookiecutter.events }}")
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
    assert_nil invoke(sample("event.json"))

    order = { "message" => "warehouse notified", "order_id" => "1001", "quantity" => 2 }
    assert_equal [{ "level" => "INFO", "requestId" => "7f3c", **order }], log_lines
  end

  def test_bad_sample_event
    error = assert_raises(JSON::ParserError) { invoke(sample("bad.json")) }

    assert_match(/\Amessage 2e1424d4-f796-459a-8184-9c92662be6da: /, error.message)
    assert_empty log_lines
  end

  VALID.each do |text|
    define_method("test_valid_order_#{text}") do
      assert_nil invoke(event_with(text))
      assert_equal 1, log_lines.size
    end
  end

  INVALID.each do |text|
    define_method("test_invalid_order_#{text}") do
      error = assert_raises(ArgumentError, JSON::ParserError) { invoke(event_with(text)) }

      assert_match(/\Amessage 0: /, error.message)
      assert_empty log_lines
    end
  end

  def test_fails_if_one_of_several_messages_does
    error = assert_raises(ArgumentError) { invoke(event_with(GOOD, "{}", GOOD)) }

    assert_match(/\Amessage 1: /, error.message)
    assert_equal(["1001"], log_lines.map { |line| line["order_id"] })
  end

  def test_order_that_cannot_be_processed
    define_singleton_method(:process) { |_order| raise IOError, "half a character: \xE2\x82" }

    error = assert_raises(IOError) { invoke(event_with(GOOD)) }

    assert_equal "message 0: half a character: \uFFFD", error.message
  end

  def test_logs_text
    LOGGER.formatter = FieldFormatter.new(json: false)

    invoke(event_with(GOOD))

    assert_match(/ INFO -- 7f3c: warehouse notified order_id=1001 quantity=2$/, @log.string)
  end

  def test_logs_broken_text
    process(Order.new(id: "\xED\xB0\x80", quantity: 2))

    assert_match(/\A\uFFFD+\z/, log_lines.fetch(0)["order_id"])
  end

  private

  def invoke(event)
    lambda_handler(event:, context: CONTEXT)
  end

  def sample(name)
    JSON.parse(File.read(File.join(EVENTS, name)))
  end

  def event_with(*texts)
    { "Records" => texts.each_with_index.map { |text, i| { "Sns" => { "MessageId" => i.to_s, "Message" => text } } } }
  end

  def log_lines
    @log.string.each_line.map { |line| JSON.parse(line).except("timestamp") }
  end
end
