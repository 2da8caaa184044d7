# frozen_string_literal: true

require "json"

# What a client sends of an item; version is nil for a new one.
class Request
  MAX_INTEGER = (2**31) - 1

  # Its message is for the client.
  class Invalid < StandardError; end

  attr_reader :name, :quantity, :version

  def initialize(event)
    fields = parse(event)
    check(fields)
    @name, @quantity, @version = fields.values_at("name", "quantity", "version")
  end

  private

  def parse(event)
    fields = JSON.parse(text_of(event))
    fields.is_a?(Hash) ? fields : raise(Invalid, "the body must be a JSON object")
  rescue ArgumentError, JSON::ParserError
    raise Invalid, "the body must be a JSON object"
  end

  # API Gateway encodes a body that it does not take for text.
  def text_of(event)
    return event["body"].to_s unless event["isBase64Encoded"]

    text = event["body"].to_s.unpack1("m0").force_encoding(Encoding::UTF_8)
    text.valid_encoding? ? text : raise(ArgumentError, "not UTF-8")
  end

  def check(fields)
    raise Invalid, "name must be a string of 1 to 100 characters" unless name?(fields["name"])
    raise Invalid, "quantity must be an integer from 0 to #{MAX_INTEGER}" unless integer?(fields["quantity"], 0)
    return if !fields.key?("version") || integer?(fields["version"], 1)

    raise Invalid, "version must be an integer from 1 to #{MAX_INTEGER}"
  end

  # Broken text, which the escape \udc00 in JSON becomes in Ruby, cannot be stored.
  def name?(value)
    value.is_a?(String) && value.valid_encoding? && value.length.between?(1, 100)
  end

  def integer?(value, minimum)
    value.is_a?(Integer) && value.between?(minimum, MAX_INTEGER)
  end
end
