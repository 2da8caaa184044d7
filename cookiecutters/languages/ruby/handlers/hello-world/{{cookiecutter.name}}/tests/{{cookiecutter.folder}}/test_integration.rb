# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "net/http"
require "open3"

# Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.
class {{ cookiecutter.function_pascal }}IntegrationTest < Minitest::Test
  PROJECT = File.expand_path("../..", __dir__)

  def setup
    @stack = ENV.fetch("AWS_SAM_STACK_NAME", "")
    skip "set AWS_SAM_STACK_NAME to test the deployed stack" if @stack.empty?
  end

  def test_greets
    response = Net::HTTP.get_response(URI(url))

    assert_equal "200", response.code
    assert_equal "application/json", response["Content-Type"]
    assert_equal({ "message" => "hello world" }, JSON.parse(response.body))
  end

  private

  def url
    command = ["sam", "list", "stack-outputs", "--stack-name", @stack, "--output", "json"]
    json, status = Open3.capture2(*command, chdir: PROJECT)
    assert_predicate status, :success?
    outputs = JSON.parse(json).to_h { |output| output.values_at("OutputKey", "OutputValue") }
    outputs.fetch("{{ cookiecutter.function_pascal }}Api")
  end
end
