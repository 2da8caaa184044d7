# frozen_string_literal: true

require "minitest/autorun"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  def test_greets
    response = Net::HTTP.get_response(URI(url))

    assert_equal "200", response.code
    assert_equal "application/json", response["Content-Type"]
    assert_equal({ "message" => "hello world" }, JSON.parse(response.body))
  end
end
