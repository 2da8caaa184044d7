# frozen_string_literal: true

require "faker"
require "json"
require "securerandom"

# Faker has texts in sixty languages. Those in English are loaded here, before the first request.
I18n.available_locales = [:en]
I18n.eager_load!

UUID_PATTERN = /\A\h{8}(-\h{4}){3}-\h{12}\z/

# Returns the customer with the id in the path, or a new customer if there is no id. It answers
# GET /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
def lambda_handler(event:, context:)
  id = event.dig("pathParameters", "id") || SecureRandom.uuid
  return bad_request("id must be a UUID") unless UUID_PATTERN.match?(id)

  respond(200, make_customer(id.downcase))
end

# Makes up the customer with that id: always the same one, since the id is the seed, for this thread alone.
def make_customer(id)
  Faker::Config.random = Random.new(id.delete("-").hex)
  {
    id:,
    name: Faker::Name.name,
    # An address that nobody owns, as its domain is reserved for examples.
    email: Faker::Internet.email(domain: "example.com"),
    phone: Faker::PhoneNumber.phone_number,
    address: make_address
  }
end

def make_address
  {
    street: Faker::Address.street_address,
    city: Faker::Address.city,
    postcode: Faker::Address.postcode,
    country: Faker::Address.country
  }
end

# Says what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
def bad_request(detail)
  respond(400, { title: "Bad Request", status: 400, detail: }, "application/problem+json")
end

def respond(status, body, content_type = "application/json")
  { statusCode: status, headers: { "Content-Type" => content_type }, body: JSON.generate(body) }
end
