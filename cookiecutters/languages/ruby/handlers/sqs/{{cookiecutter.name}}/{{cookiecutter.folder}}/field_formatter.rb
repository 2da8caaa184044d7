# frozen_string_literal: true

require "json"
require "logger"
require "time"

# Formats what is logged as a hash: a message, fields of any name, and an exception if there is one. The formatters of
# Lambda's Ruby runtime do not make fields of a hash. The logger's progname is the id of the request.
class FieldFormatter < Logger::Formatter
  def initialize(json:)
    super()
    @json = json
  end

  def call(severity, time, request_id, entry)
    entry = { message: msg2str(entry) } unless entry.is_a?(Hash)
    return super(severity, time, request_id, text(**entry)) unless @json

    line = { timestamp: time.getutc.iso8601(3), level: severity, requestId: request_id, **fields(**entry) }.compact
    # JSON refuses broken text, such as a message in which Ruby's JSON parser quotes half a character.
    "#{JSON.generate(line.transform_values { |value| value.is_a?(String) ? value.scrub : value })}\n"
  end

  private

  def text(message: nil, exception: nil, **fields)
    values = fields.map { |name, value| "#{name}=#{value}" }
    line = [message, *values].join(" ")
    exception ? "#{line}\n#{exception.full_message(highlight: false).chomp}" : line
  end

  def fields(message: nil, exception: nil, **fields)
    return { message:, **fields } unless exception

    {
      message:,
      **fields,
      errorType: exception.class.name,
      errorMessage: exception.message,
      stackTrace: exception.backtrace
    }
  end
end
