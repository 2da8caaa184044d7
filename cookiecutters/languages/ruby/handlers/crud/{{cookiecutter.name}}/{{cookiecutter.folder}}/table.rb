# frozen_string_literal: true

require "aws-sdk-dynamodb"

# Created once for each execution environment. The SDK's own timeouts, 15 and 60 seconds, are longer than the function
# may run.
DYNAMODB = Aws::DynamoDB::Client.new(retry_mode: "standard", http_open_timeout: 1, http_read_timeout: 2)
TABLE_NAME = ENV.fetch("TABLE_NAME")
ID_PATTERN = /\A[A-Za-z0-9_-]{1,100}\z/
