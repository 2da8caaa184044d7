# frozen_string_literal: true

require "date"
require "logger"
require_relative "field_formatter"

# Both variables come from LoggingConfig in template.yaml, the level with JSON logs only. Logger has no level TRACE.
LOGGER = Logger.new(
  $stdout,
  level: ENV.fetch("AWS_LAMBDA_LOG_LEVEL", "INFO").sub("TRACE", "DEBUG"),
  formatter: FieldFormatter.new(json: ENV["AWS_LAMBDA_LOG_FORMAT"] == "JSON")
)

# Reports on the day before the scheduled time, and returns that day. The event is the Input of the schedule in
# template.yaml. After an error, Lambda runs it again, and in the end sends it to the failure queue:
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
def lambda_handler(event:, context:)
  LOGGER.progname = context.aws_request_id
  day = parse_day(event["scheduledTime"])
  make_report(day)
  { day: day.iso8601 }
end

# Returns the day before a scheduled time, in UTC.
def parse_day(scheduled_time)
  # DateTime, since Time takes 30 February for 2 March.
  DateTime.rfc3339(scheduled_time).new_offset(0).to_date.prev_day
rescue Date::Error, TypeError
  raise ArgumentError, "scheduledTime must be a time such as 2026-03-01T02:00:00Z, not #{scheduled_time.inspect}"
end

# Makes the report on a day: your own work goes here. An error makes Lambda run the event again.
#
# A schedule invokes the function at least once, and Lambda repeats a run that failed, so the same day may come twice:
# make this idempotent, for example by storing the report under a name made of its day. Take the time from the day and
# not from the clock, which has gone on when a run is repeated.
def make_report(day)
  LOGGER.info(message: "report made", day: day.iso8601)
end
