# frozen_string_literal: true

require "json"

Order = Data.define(:id, :quantity)

# Takes a batch of messages and answers which of them failed: the queue hands out those again, and no others.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
def lambda_handler(event:, context:)
  failed = event["Records"].reject { |record| processed?(record) }
  { batchItemFailures: failed.map { |record| { itemIdentifier: record["messageId"] } } }
end

# One message that fails must not take the others with it, whatever the reason.
def processed?(record)
  process(parse(record["body"]))
  true
rescue StandardError => e
  warn "message #{record['messageId']} failed: #{e.message}"
  false
end

def parse(body)
  case JSON.parse(body, symbolize_names: true)
  in { orderId: String => id, quantity: Integer => quantity } unless id.empty? || quantity < 1
    Order.new(id:, quantity:)
  else
    raise ArgumentError, "an order has an orderId, which is not empty, and a quantity of 1 or more"
  end
end

# Your own work goes here. What it raises sends the message back to the queue.
def process(order)
  puts "order #{order.id}: #{order.quantity}"
end
