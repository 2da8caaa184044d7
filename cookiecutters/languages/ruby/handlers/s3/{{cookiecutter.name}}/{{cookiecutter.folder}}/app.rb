# frozen_string_literal: true

require "aws-sdk-s3"
require "json"
require "logger"
require "uri"
require_relative "field_formatter"

MAX_QUANTITY = (2**31) - 1

# Both variables come from LoggingConfig in template.yaml, the level with JSON logs only. Logger has no level TRACE.
LOGGER = Logger.new(
  $stdout,
  level: ENV.fetch("AWS_LAMBDA_LOG_LEVEL", "INFO").sub("TRACE", "DEBUG"),
  formatter: FieldFormatter.new(json: ENV["AWS_LAMBDA_LOG_FORMAT"] == "JSON")
)

# Created once for each execution environment. The SDK would wait 15 seconds for a connection and 60 for an answer; like
# this, two calls with all their attempts and pauses fit into the function's 30 seconds.
S3 = Aws::S3::Client.new(retry_mode: "standard", http_open_timeout: 1, http_read_timeout: 2)

# What an object asks for.
Order = Data.define(:id, :quantity) do
  # Returns the order in an object's body, or raises an error.
  def self.parse(body)
    text = body.force_encoding(Encoding::UTF_8)
    raise ArgumentError, "an order must be UTF-8" unless text.valid_encoding?

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

# Imports an object; S3 sends one in an event. After an error, Lambda runs the event again, and in the end sends it to
# the failure queue: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
def lambda_handler(event:, context:)
  LOGGER.progname = context.aws_request_id
  event["Records"].each do |record|
    # Encoded as in an HTML form:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    key = URI.decode_www_form_component(record.dig("s3", "object", "key"))
    import(record.dig("s3", "bucket", "name"), key)
  end
  nil
end

# Processes the order in an object and writes the result beside it.
#
# S3 sends an event at least once, and Lambda repeats one that failed. A repeated event overwrites the result with the
# same, so it is harmless as long as nobody overwrites the upload.
def import(bucket, key)
  order = Order.parse(S3.get_object(bucket:, key:).body.read)
  result = { orderId: order.id, quantity: order.quantity, status: process(order) }
  write(bucket, "processed/#{key.delete_prefix('incoming/')}", result)
  LOGGER.info(message: "order imported", key:, order_id: order.id, quantity: order.quantity)
rescue StandardError => e
  # Lambda logs the error as JSON, which refuses broken text, such as half a character that the parser quotes.
  raise e, "object #{key}: #{e.message.scrub}"
end

def write(bucket, key, result)
  S3.put_object(bucket:, key:, body: JSON.generate(result), content_type: "application/json")
end

# Does what an order asks for, and returns its new status: your own work goes here. An error makes Lambda run the event
# again.
#
# The same order may come twice: make this idempotent, for example by recording the order's id with a conditional write
# before doing the work.
def process(_order)
  "accepted"
end
