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

# What a message asks for.
Order = Data.define(:id, :quantity) do
  # Returns the order in a message's body, or raises an error.
  def self.parse(body)
    case JSON.parse(body, symbolize_names: true)
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

# Processes a batch of messages and returns which of them failed, for SQS to deliver again; the others are deleted from
# the queue: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
def lambda_handler(event:, context:)
  LOGGER.progname = context.aws_request_id
  { batchItemFailures: event["Records"].filter_map { |record| process_message(record) } }
end

# Returns nil, or what tells SQS that the message failed.
def process_message(record)
  process(Order.parse(record["body"]))
  nil
rescue StandardError => e
  # Whatever is wrong with one message, the others of the batch are processed.
  LOGGER.error(message: "message failed", message_id: record["messageId"], exception: e)
  { itemIdentifier: record["messageId"] }
end

# Does what an order asks for: your own work goes here. An error sends the message back to the queue.
#
# SQS delivers a message at least once, so the same order may come twice: make this idempotent, for example by recording
# the order's id with a conditional write before doing the work.
def process(order)
  LOGGER.info(message: "order processed", order_id: order.id, quantity: order.quantity)
end
