# frozen_string_literal: true

require "stringio"

# S3 in memory. It stands in for the gem aws-sdk-s3, which Lambda's runtime has and the Gemfile has not.
$LOADED_FEATURES << "aws-sdk-s3.rb"

module Aws
  module S3
    module Errors
      class NoSuchKey < StandardError; end
    end

    class Client
      Output = Data.define(:body)

      # Each object's body and content type, by its bucket and key.
      attr_reader :objects

      def initialize(retry_mode:, http_open_timeout:, http_read_timeout:)
        @objects = {}
      end

      def get_object(bucket:, key:)
        body, = objects.fetch([bucket, key]) { raise Errors::NoSuchKey, "The specified key does not exist." }
        Output.new(body: StringIO.new(body.b))
      end

      def put_object(bucket:, key:, body:, content_type:)
        objects[[bucket, key]] = [body, content_type]
      end
    end
  end
end
