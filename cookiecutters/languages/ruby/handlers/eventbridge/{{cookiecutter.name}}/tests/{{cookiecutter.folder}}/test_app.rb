# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "stringio"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENTS = File.join(__dir__, "../../{{ cookiecutter.events }}")
  CONTEXT = Data.define(:aws_request_id).new("7f3c")
  GOOD = { "orderId" => "1001", "quantity" => 2 }.freeze
  VALID = [
    { "orderId" => "1001", "quantity" => 1 },
    { "orderId" => "1001", "quantity" => 2_147_483_647 },
    { "orderId" => "1001", "quantity" => 2, "note" => "for Alice" }
  ].freeze
  INVALID = [
    nil,
    [],
    {},
    { "quantity" => 2 },
    { "orderId" => "", "quantity" => 2 },
    { "orderId" => "\xED\xB0\x80", "quantity" => 2 },
    { "orderId" => 1001, "quantity" => 2 },
    { "orderId" => "1001" },
    { "orderId" => "1001", "quantity" => 0 },
    { "orderId" => "1001", "quantity" => -1 },
    { "orderId" => "1001", "quantity" => 1.5 },
    { "orderId" => "1001", "quantity" => 2.0 },
    { "orderId" => "1001", "quantity" => "2" },
    { "orderId" => "1001", "quantity" => true },
    { "orderId" => "1001", "quantity" => nil },
    { "orderId" => "1001", "quantity" => 2_147_483_648 },
    { "orderid" => "1001", "quantity" => 2 },
    { "OrderId" => "1001", "Quantity" => 2 }
  ].freeze

  def setup
    @log = StringIO.new
    LOGGER.reopen(@log)
    LOGGER.formatter = FieldFormatter.new(json: true)
  end

  def test_sample_event
    assert_nil invoke(sample("event.json"))

    order = { "message" => "order shipped", "order_id" => "1001", "quantity" => 2 }
    assert_equal [{ "level" => "INFO", "requestId" => "7f3c", **order }], log_lines
  end

  def test_bad_sample_event
    error = assert_raises(ArgumentError) { invoke(sample("bad.json")) }

    assert_match(/\Aevent 8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11: an order must be /, error.message)
    assert_empty log_lines
  end

  def test_no_detail
    error = assert_raises(ArgumentError) { invoke({ "id" => "1", "detail-type" => "Order Placed" }) }

    assert_match(/\Aevent 1: /, error.message)
  end

  VALID.each do |detail|
    define_method("test_valid_order_#{detail}") do
      assert_nil invoke(event_with(detail))
      assert_equal 1, log_lines.size
    end
  end

  INVALID.each do |detail|
    define_method("test_invalid_order_#{detail.inspect}") do
      error = assert_raises(ArgumentError) { invoke(event_with(detail)) }

      assert_match(/\Aevent 1: /, error.message)
      assert_empty log_lines
    end
  end

  def test_order_that_cannot_be_processed
    define_singleton_method(:process) { |_order| raise IOError, "half a character: \xE2\x82" }

    error = assert_raises(IOError) { invoke(event_with(GOOD)) }

    assert_equal "event 1: half a character: \uFFFD", error.message
  end

  def test_logs_text
    LOGGER.formatter = FieldFormatter.new(json: false)

    invoke(event_with(GOOD))

    assert_match(/ INFO -- 7f3c: order shipped order_id=1001 quantity=2$/, @log.string)
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

  def event_with(detail)
    { "id" => "1", "source" => "com.example.shop", "detail-type" => "Order Placed", "detail" => detail }
  end

  def log_lines
    @log.string.each_line.map { |line| JSON.parse(line).except("timestamp") }
  end
end
