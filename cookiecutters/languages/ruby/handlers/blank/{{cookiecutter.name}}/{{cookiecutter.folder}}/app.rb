# frozen_string_literal: true

# Greets whoever an event such as {"name": "Ada"} names, or else the world. The event is parsed JSON, and what the
# function returns becomes JSON: https://docs.aws.amazon.com/lambda/latest/dg/ruby-handler.html
def lambda_handler(event:, context:)
  name = event["name"].to_s
  name = "world" if name.empty?
  { message: "hello #{name}" }
end
