# frozen_string_literal: true

require "minitest/autorun"
require "securerandom"
require_relative "stack"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  include Stack

  def test_no_such_item
    response = delete(URI(url.sub("{id}", SecureRandom.uuid)))

    assert_equal "404", response.code
    assert_equal "application/problem+json", response["Content-Type"]
  end

  private

  def delete(uri)
    Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") { |http| http.delete(uri.request_uri) }
  end
end
