# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "stringio"
require_relative "fake_s3"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENTS = File.join(__dir__, "../../{{ cookiecutter.events }}")
  CONTEXT = Data.define(:aws_request_id).new("7f3c")
  GOOD = '{"orderId": "1001", "quantity": 2}'
  ACCEPTED = '{"orderId":"1001","quantity":2,"status":"accepted"}'
  VALID = [
    '{"orderId": "1001", "quantity": 1}',
    '{"orderId": "é", "quantity": 2147483647}',
    '{"orderId": "1001", "quantity": 2, "note": "for Alice"}'
  ].freeze
  INVALID = [
    "",
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
    '{"orderId": "1001", "quantity": 2} {}',
    "{\"orderId\": \"\xE2\x82\", \"quantity\": 2}",
    "{\"orderId\": \"1001\", \"quantity\": 2, \"note\": \"\xE2\x82\"}"
  ].freeze

  def setup
    @log = StringIO.new
    LOGGER.reopen(@log)
    LOGGER.formatter = FieldFormatter.new(json: true)
    S3.objects.clear
  end

  def test_sample_event
    store("incoming/1 a/b.json", GOOD)

    assert_nil invoke(sample("event.json"))

    assert_equal({ "processed/1 a/b.json" => [ACCEPTED, "application/json"] }, processed)
    order = { "message" => "order imported", "key" => "incoming/1 a/b.json", "order_id" => "1001", "quantity" => 2 }
    assert_equal [{ "level" => "INFO", "requestId" => "7f3c", **order }], log_lines
  end

  def test_bad_sample_event
    store("incoming/bad.json", "this is not an order")

    assert_fails sample("bad.json"), "incoming/bad.json"
  end

  ["é.json", "a+b.json", "100%.json", "incoming/a.json"].each do |name|
    define_method("test_keeps_the_name_#{name}") do
      store("incoming/#{name}", GOOD)

      invoke(event_with("incoming/#{name}"))

      assert_equal ["processed/#{name}"], processed.keys
    end
  end

  def test_repeated_event
    store("incoming/a.json", GOOD)

    first, second = Array.new(2) do
      invoke(event_with("incoming/a.json"))
      processed
    end

    assert_equal first, second
  end

  VALID.each do |body|
    define_method("test_valid_order_#{body}") do
      store("incoming/a.json", body)

      invoke(event_with("incoming/a.json"))

      order = JSON.parse(body).slice("orderId", "quantity")
      assert_equal({ **order, "status" => "accepted" }, JSON.parse(processed.fetch("processed/a.json").first))
    end
  end

  INVALID.each do |body|
    define_method("test_invalid_order_#{body.scrub}") do
      define_singleton_method(:process) { |order| flunk "#{order} was processed" }
      store("incoming/a.json", body)

      assert_fails event_with("incoming/a.json"), "incoming/a.json"
    end
  end

  def test_no_such_object
    error = assert_fails(event_with("incoming/gone.json"), "incoming/gone.json")

    assert_instance_of Aws::S3::Errors::NoSuchKey, error
  end

  def test_order_that_cannot_be_processed
    define_singleton_method(:process) { |_order| raise IOError, "half a character: \xE2\x82" }
    store("incoming/a.json", GOOD)

    error = assert_fails(event_with("incoming/a.json"), "incoming/a.json")

    assert_equal "object incoming/a.json: half a character: \uFFFD", error.message
  end

  def test_fails_if_one_of_several_objects_does
    store("incoming/a.json", GOOD)
    store("incoming/c.json", GOOD)

    error = assert_raises(StandardError) { invoke(event_with("incoming/a.json", "incoming/b.json", "incoming/c.json")) }

    assert_match(%r{\Aobject incoming/b\.json: }, error.message)
    assert_equal ["processed/a.json"], processed.keys
  end

  def test_logs_text
    LOGGER.formatter = FieldFormatter.new(json: false)
    store("incoming/a.json", GOOD)

    invoke(event_with("incoming/a.json"))

    assert_match(%r{ INFO -- 7f3c: order imported key=incoming/a\.json order_id=1001 quantity=2$}, @log.string)
  end

  private

  def invoke(event)
    lambda_handler(event:, context: CONTEXT)
  end

  def sample(name)
    JSON.parse(File.read(File.join(EVENTS, name)))
  end

  def event_with(*keys)
    objects = keys.map { |key| { "key" => URI.encode_www_form_component(key) } }
    { "Records" => objects.map { |object| { "s3" => { "bucket" => { "name" => "orders" }, "object" => object } } } }
  end

  def store(key, body)
    S3.put_object(bucket: "orders", key:, body:, content_type: "application/json")
  end

  # The objects that are not in incoming/.
  def processed
    S3.objects.to_h { |(_bucket, key), object| [key, object] }.reject { |key, _object| key.start_with?("incoming/") }
  end

  # Returns the error, which must be about that object. Nothing must be written or logged.
  def assert_fails(event, key)
    error = assert_raises(StandardError) { invoke(event) }
    assert_match(/\Aobject #{Regexp.escape(key)}: ./, error.message)
    assert_empty processed
    assert_empty log_lines
    error
  end

  def log_lines
    @log.string.each_line.map { |line| JSON.parse(line).except("timestamp") }
  end
end
