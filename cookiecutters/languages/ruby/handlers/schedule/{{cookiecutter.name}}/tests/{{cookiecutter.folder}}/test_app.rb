# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "stringio"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")
  CONTEXT = Data.define(:aws_request_id).new("7f3c")
  DAYS = {
    "2024-03-01T00:00:00Z" => "2024-02-29",
    "2026-01-01T23:59:59Z" => "2025-12-31",
    # 23:00 on 1 March and 01:00 on 2 March in UTC
    "2026-03-02T01:00:00+02:00" => "2026-02-28",
    "2026-03-01T23:00:00-02:00" => "2026-03-01"
  }.freeze
  INVALID = [
    nil,
    1_772_330_400,
    "",
    "tomorrow",
    "2026-03-01",
    "2026-03-01T02:00:00",
    "2026-02-30T02:00:00Z",
    "<aws.scheduler.scheduled-time>"
  ].freeze

  def setup
    @log = StringIO.new
    LOGGER.reopen(@log)
    LOGGER.formatter = FieldFormatter.new(json: true)
  end

  def test_sample_event
    assert_equal({ day: "2026-02-28" }, invoke(JSON.parse(File.read(EVENT))))
  end

  DAYS.each do |scheduled_time, day|
    define_method("test_day_before_#{scheduled_time}") do
      assert_equal({ day: }, invoke({ "scheduledTime" => scheduled_time }))
    end
  end

  def test_no_scheduled_time
    assert_invalid({}, "not nil")
  end

  INVALID.each do |scheduled_time|
    define_method("test_invalid_scheduled_time_#{scheduled_time}") do
      assert_invalid({ "scheduledTime" => scheduled_time }, "not #{scheduled_time.inspect}")
    end
  end

  def test_report_that_cannot_be_made
    define_singleton_method(:make_report) { |day| raise IOError, day.iso8601 }

    error = assert_raises(IOError) { invoke({ "scheduledTime" => "2026-03-01T02:00:00Z" }) }

    assert_equal "2026-02-28", error.message
  end

  def test_logs_the_day
    invoke({ "scheduledTime" => "2026-03-01T02:00:00Z" })

    line = JSON.parse(@log.string)
    assert_match(/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/, line.delete("timestamp"))
    assert_equal(
      { "level" => "INFO", "requestId" => "7f3c", "message" => "report made", "day" => "2026-02-28" },
      line
    )
  end

  def test_logs_text
    LOGGER.formatter = FieldFormatter.new(json: false)

    invoke({ "scheduledTime" => "2026-03-01T02:00:00Z" })

    assert_match(/ INFO -- 7f3c: report made day=2026-02-28$/, @log.string)
  end

  def test_logs_broken_text
    LOGGER.info("half a character: \xE2\x82")

    assert_equal "half a character: \uFFFD", JSON.parse(@log.string)["message"]
  end

  private

  def invoke(event)
    lambda_handler(event:, context: CONTEXT)
  end

  def assert_invalid(event, reason)
    error = assert_raises(ArgumentError) { invoke(event) }
    assert_equal "scheduledTime must be a time such as 2026-03-01T02:00:00Z, #{reason}", error.message
    assert_empty @log.string
  end
end
