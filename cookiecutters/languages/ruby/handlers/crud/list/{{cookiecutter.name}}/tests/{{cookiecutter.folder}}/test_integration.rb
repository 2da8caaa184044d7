# frozen_string_literal: true

require "minitest/autorun"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  def test_lists_items
    response = Net::HTTP.get_response(URI("#{url}?limit=1"))

    assert_equal "200", response.code
    assert_equal "application/json", response["Content-Type"]
    assert_operator JSON.parse(response.body).fetch("items").size, :<=, 1
  end
end
