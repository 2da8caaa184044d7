# frozen_string_literal: true

require "minitest/autorun"
require "securerandom"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  # It needs the table, and leaves nothing in it.
  def test_no_such_version
    response = put(URI(url.sub("{id}", SecureRandom.uuid)), '{"name": "Pencil", "quantity": 3, "version": 1}')

    assert_equal "409", response.code
    assert_equal "application/problem+json", response["Content-Type"]
  end

  private

  def put(uri, body)
    Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") do |http|
      http.put(uri.request_uri, body, "Content-Type" => "application/json")
    end
  end
end
