# frozen_string_literal: true

# Records what is asked, and fails if a test says so. It stands in for the gem aws-sdk-dynamodb, which Lambda's runtime
# has and the Gemfile has not.
$LOADED_FEATURES << "aws-sdk-dynamodb.rb"

module Aws
  module DynamoDB
    module Errors
      class ConditionalCheckFailedException < StandardError; end
      class ProvisionedThroughputExceededException < StandardError; end
    end

    class Client
      attr_writer :error

      # The parameters of each request.
      attr_reader :requests

      def initialize(retry_mode:, http_open_timeout:, http_read_timeout:)
        @requests = []
      end

      def put_item(**parameters)
        requests << parameters
        raise @error if @error
      end
    end
  end
end
