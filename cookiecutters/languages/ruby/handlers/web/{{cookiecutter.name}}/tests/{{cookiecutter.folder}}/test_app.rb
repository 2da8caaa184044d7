# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "rack/mock_request"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")

  def test_sample_event
    assert_greets "Ada", get(JSON.parse(File.read(EVENT))["rawPath"])
  end

  {
    "Ada" => "Ada",
    "Zo%C3%AB" => "Zoë",
    "a%20b" => "a b",
    "a+b" => "a+b",
    "%F0%9F%98%80" * 100 => "😀" * 100
  }.each do |segment, name|
    define_method("test_greets_#{name}") do
      assert_greets name, get("/greetings/#{segment}")
    end
  end

  ["x" * 101, "%FF"].each do |name|
    define_method("test_malformed_name_#{name}") do
      response = get("/greetings/#{name}")

      assert_equal 400, response.status
      assert_equal({ "error" => "the name must be UTF-8 with at most 100 characters" }, JSON.parse(response.body))
    end
  end

  %w[/ /greetings /greetings/ /greetings/a/b].each do |path|
    define_method("test_other_path_#{path}") do
      assert_equal 404, get(path).status
    end
  end

  def test_health
    assert_equal 200, get("/health").status
  end

  private

  def get(path)
    Rack::MockRequest.new(App).get(path)
  end

  def assert_greets(name, response)
    assert_equal 200, response.status
    assert_equal "application/json", response["Content-Type"]
    assert_equal({ "message" => "hello #{name}" }, JSON.parse(response.body))
  end
end
