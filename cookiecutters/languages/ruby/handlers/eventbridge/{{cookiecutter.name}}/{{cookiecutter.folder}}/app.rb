# frozen_string_literal: true

require "logger"
require_relative "field_formatter"

MAX_QUANTITY = (2**31) - 1

# Both variables come from LoggingConfig in template.yaml, the level with JSON logs only. Logger has no level TRACE.
LOGGER = Logger.new(
  $stdout,
  level: ENV.fetch("AWS_LAMBDA_LOG_LEVEL", "INFO").sub("TRACE", "DEBUG"),
  formatter: FieldFormatter.new(json: ENV["AWS_LAMBDA_LOG_FORMAT"] == "JSON")
)

# What an event tells of.
Order = Data.define(:id, :quantity) do
  # Returns the order in an event's detail, or raises an error.
  def self.parse(detail)
    case Hash(detail).values_at("orderId", "quantity")
    in [String => id, Integer => quantity] if valid?(id, quantity)
      new(id:, quantity:)
    else
      raise ArgumentError, "an order must be a JSON object with orderId, a string that is not empty, " \
                           "and quantity, an integer from 1 to #{MAX_QUANTITY}"
    end
  end

  # Broken text, which the escape \udc00 in JSON becomes in Ruby, is no id.
  def self.valid?(id, quantity)
    !id.empty? && id.valid_encoding? && quantity.between?(1, MAX_QUANTITY)
  end
end

# Ships the order of an event. After an error, Lambda runs the event again, and in the end sends it to the failure
# queue: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
def lambda_handler(event:, context:)
  LOGGER.progname = context.aws_request_id
  process(Order.parse(event["detail"]))
  nil
rescue StandardError => e
  # Lambda logs the error as JSON, which refuses broken text.
  raise e, "event #{event['id']}: #{e.message.scrub}"
end

# Ships an order: your own work goes here. An error makes Lambda run the event again.
#
# EventBridge delivers an event at least once, and Lambda repeats one that failed, so the same order may come twice:
# make this idempotent, for example by recording the order's id with a conditional write before doing the work.
def process(order)
  LOGGER.info(message: "order shipped", order_id: order.id, quantity: order.quantity)
end
