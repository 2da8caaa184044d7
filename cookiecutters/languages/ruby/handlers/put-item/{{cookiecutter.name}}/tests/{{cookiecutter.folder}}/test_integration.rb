# frozen_string_literal: true

require "minitest/autorun"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  # An earlier run may have stored the item, which stays.
  def test_stores_an_item_once
    uri = URI(url.sub("{id}", "integration-test"))
    first, second = Array.new(2) { put(uri, '{"name": "Pencil", "quantity": 3}') }

    assert_includes %w[201 409], first.code
    assert_equal "409", second.code
    assert_equal "application/problem+json", second["Content-Type"]
  end

  private

  def put(uri, body)
    Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") do |http|
      http.put(uri.request_uri, body, "Content-Type" => "application/json")
    end
  end
end
