# frozen_string_literal: true

require "minitest/autorun"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  # The first run stores the item, and it stays.
  def test_stores_an_item_once
    response = put(URI(url.sub("{id}", "integration-test")), '{"name": "Pencil", "quantity": 3}')

    assert_includes %w[201 409], response.code
    expected = response.code == "201" ? "application/json" : "application/problem+json"
    assert_equal expected, response["Content-Type"]
  end

  private

  def put(uri, body)
    Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") do |http|
      http.put(uri.request_uri, body, "Content-Type" => "application/json")
    end
  end
end
