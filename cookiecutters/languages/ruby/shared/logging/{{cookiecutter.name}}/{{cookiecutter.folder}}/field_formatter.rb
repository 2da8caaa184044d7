# frozen_string_literal: true

require "json"
require "logger"
require "time"

# Formats what is logged as a hash: a message, and fields of any name. The formatters of Lambda's Ruby runtime do not
# make fields of a hash. The logger's progname is the id of the request.
class FieldFormatter < Logger::Formatter
  def initialize(json:)
    super()
    @json = json
  end

  def call(severity, time, request_id, entry)
    entry = { message: msg2str(entry) } unless entry.is_a?(Hash)
    return super(severity, time, request_id, text(**entry)) unless @json

    line = { timestamp: time.getutc.iso8601(3), level: severity, requestId: request_id, **entry }.compact
    # JSON refuses broken text, which the escape \udc00 in JSON becomes in Ruby.
    "#{JSON.generate(line.transform_values { |value| value.is_a?(String) ? value.scrub : value })}\n"
  end

  private

  def text(message:, **fields)
    [message, *fields.map { |name, value| "#{name}=#{value}" }].join(" ")
  end
end
