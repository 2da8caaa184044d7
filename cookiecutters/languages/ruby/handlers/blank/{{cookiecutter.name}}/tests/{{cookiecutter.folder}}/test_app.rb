# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")

  def test_greets_by_name
    event = JSON.parse(File.read(EVENT))

    assert_equal({ message: "hello Ada" }, lambda_handler(event:, context: nil))
  end

  [{}, { "name" => "" }, { "name" => nil }].each do |event|
    define_method("test_greets_the_world_#{event}") do
      assert_equal({ message: "hello world" }, lambda_handler(event:, context: nil))
    end
  end
end
