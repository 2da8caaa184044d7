# frozen_string_literal: true

require_relative "responses"
require_relative "table"

DEFAULT_LIMIT = "25"
MAX_LIMIT = 100

# A request that is refused; its message is for the client.
class BadRequest < StandardError; end

# Returns a page of the items, and what to ask for the next one with. It answers
# GET /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
def lambda_handler(event:, context:)
  # Without a query, the event has no parameters.
  query = event["queryStringParameters"] || {}
  page = DYNAMODB.scan(table_name: TABLE_NAME, limit: limit_of(query), exclusive_start_key: start_of(query))
  respond(200, { items: page.items.map { |item| to_item(item) }, next: next_of(page) })
rescue BadRequest => e
  bad_request(e.message)
end

def limit_of(query)
  text = query.fetch("limit", DEFAULT_LIMIT)
  limit = text.match?(/\A\d+\z/) ? text.to_i : 0
  limit.between?(1, MAX_LIMIT) ? limit : raise(BadRequest, "limit must be an integer from 1 to #{MAX_LIMIT}")
end

# Returns the key of the last item before the page, or nil if it is the first page.
def start_of(query)
  return unless query.key?("next")

  { "id" => decode(query["next"]) || raise(BadRequest, "next must be the next of an earlier answer") }
end

def next_of(page)
  encode(page.last_evaluated_key["id"]) if page.last_evaluated_key
end

# Returns the id in base64url without padding.
def encode(id)
  [id].pack("m0").tr("+/", "-_").delete("=")
end

# Returns the id in what encode returned, or nil if it is anything else.
def decode(token)
  id = token.tr("-_", "+/").unpack1("m")
  id.force_encoding(Encoding::UTF_8) if ID_PATTERN.match?(id) && encode(id) == token
end

# The SDK has numbers as BigDecimal, of which JSON makes strings.
def to_item(attributes)
  id, name, quantity, version = attributes.values_at("id", "name", "quantity", "version")
  { id:, name:, quantity: quantity.to_i, version: version.to_i }
end
