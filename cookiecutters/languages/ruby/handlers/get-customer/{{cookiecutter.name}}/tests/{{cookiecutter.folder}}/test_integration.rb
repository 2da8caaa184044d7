# frozen_string_literal: true

require "minitest/autorun"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"

  def test_returns_the_customer
    response = Net::HTTP.get_response(URI(url.sub("{id}", ID)))

    assert_equal "200", response.code
    assert_equal "application/json", response["Content-Type"]
    customer = JSON.parse(response.body)
    assert_equal %w[id name email phone address], customer.keys
    assert_equal ID, customer["id"]
  end
end
