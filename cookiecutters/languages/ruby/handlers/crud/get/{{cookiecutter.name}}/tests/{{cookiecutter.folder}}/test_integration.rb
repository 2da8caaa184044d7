# frozen_string_literal: true

require "minitest/autorun"
require "securerandom"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  def test_no_such_item
    response = Net::HTTP.get_response(URI(url.sub("{id}", SecureRandom.uuid)))

    assert_equal "404", response.code
    assert_equal "application/problem+json", response["Content-Type"]
  end
end
