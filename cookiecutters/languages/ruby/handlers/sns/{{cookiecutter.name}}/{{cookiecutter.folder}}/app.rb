# frozen_string_literal: true

require "json"
require "logger"
require_relative "field_formatter"

MAX_QUANTITY = (2**31) - 1

# Both variables come from LoggingConfig in template.yaml, the level with JSON logs only. Logger has no level TRACE.
LOGGER = Logger.new(
  $stdout,
  level: ENV.fetch("AWS_LAMBDA_LOG_LEVEL", "INFO").sub("TRACE", "DEBUG"),
  formatter: FieldFormatter.new(json: ENV["AWS_LAMBDA_LOG_FORMAT"] == "JSON")
)

# What a message announces.
Order = Data.define(:id, :quantity) do
  # Returns the order in a message's text, or raises an error.
  def self.parse(text)
    case JSON.parse(text, symbolize_names: true)
    in { orderId: String => id, quantity: Integer => quantity } if valid?(id, quantity)
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

# Processes a message; SNS sends one in an event. After an error, Lambda runs the event again, and in the end sends it
# to the failure queue: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
def lambda_handler(event:, context:)
  LOGGER.progname = context.aws_request_id
  event["Records"].each { |record| process_message(record["Sns"]) }
  nil
end

def process_message(message)
  process(Order.parse(message["Message"]))
rescue StandardError => e
  # Lambda logs the error as JSON, which refuses broken text, such as half a character that the parser quotes.
  raise e, "message #{message['MessageId']}: #{e.message.scrub}"
end

# Notifies the warehouse of an order: your own work goes here. An error makes Lambda run the event again.
#
# SNS delivers a message at least once, and Lambda repeats one that failed, so the same order may come twice: make this
# idempotent, for example by recording the order's id with a conditional write before doing the work.
def process(order)
  LOGGER.info(message: "warehouse notified", order_id: order.id, quantity: order.quantity)
end
