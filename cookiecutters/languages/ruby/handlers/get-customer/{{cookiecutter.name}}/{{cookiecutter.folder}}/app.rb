# frozen_string_literal: true

require "faker"
require "json"

# Faker's texts in sixty languages take seconds to read; English alone is read here, before the first request.
I18n.load_path.select! { |path| path.match?(%r{/locales/en[./]}) }
I18n.eager_load!

# Answers GET /{{ cookiecutter.path }} with another customer each time: an event and a response of Amazon API Gateway,
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
def lambda_handler(event:, context:)
  {
    statusCode: 200,
    headers: { "Content-Type" => "application/json" },
    body: JSON.generate(customer)
  }
end

# All of it comes from Faker: the same Faker::Config.random, the same customer.
def customer
  {
    id: Faker::Internet.uuid,
    name: Faker::Name.name,
    email: Faker::Internet.email,
    phone: Faker::PhoneNumber.phone_number,
    address: {
      street: Faker::Address.street_address,
      city: Faker::Address.city,
      postcode: Faker::Address.postcode,
      country: Faker::Address.country
    }
  }
end
