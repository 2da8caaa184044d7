# frozen_string_literal: true

# Answers what a test says and records what was asked. It stands in for the gem aws-sdk-dynamodb, which Lambda's runtime
# has and the Gemfile has not.
$LOADED_FEATURES << "aws-sdk-dynamodb.rb"

module Aws
  module DynamoDB
    module Errors
      class ConditionalCheckFailedException < StandardError; end
      class ProvisionedThroughputExceededException < StandardError; end
    end

    class Client
      # An exception as the answer is raised.
      attr_writer :answer

      # Each request: its operation and parameters.
      attr_reader :requests

      def initialize(retry_mode:, http_open_timeout:, http_read_timeout:)
        @requests = []
      end

      %i[delete_item get_item put_item scan].each do |operation|
        define_method(operation) do |**parameters|
          requests << [operation, parameters]
          @answer.is_a?(Exception) ? raise(@answer) : @answer
        end
      end
    end
  end
end
