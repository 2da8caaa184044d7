# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")

  def test_greets
    event = JSON.parse(File.read(EVENT))

    response = lambda_handler(event:, context: nil)

    assert_equal(
      { statusCode: 200, headers: { "Content-Type" => "application/json" }, body: '{"message":"hello world"}' },
      response
    )
  end
end
