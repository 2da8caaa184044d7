require 'json'
require_relative 'lib/shout'

def lambda_handler(event:, context:)
    { statusCode: 200, name: event['name'], body: JSON.generate(Shout.loudly("Hello from Lambda")) }
end
