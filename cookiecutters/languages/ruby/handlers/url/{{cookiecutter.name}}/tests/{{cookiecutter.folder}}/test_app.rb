# frozen_string_literal: true

require "json"
require "minitest/autorun"
require_relative "../../{{ cookiecutter.folder }}/app"

class {{ cookiecutter.function_pascal }}Test < Minitest::Test
  EVENT = File.join(__dir__, "../../{{ cookiecutter.events }}/event.json")

  def test_sample_event
    assert_greets "Ada", JSON.parse(File.read(EVENT))
  end

  [
    {},
    { "queryStringParameters" => nil },
    { "queryStringParameters" => {} },
    { "queryStringParameters" => { "name" => "" } }
  ].each do |rest|
    define_method("test_no_name_#{rest}") do
      assert_greets "world", { **request("GET", "/"), **rest }
    end
  end

  def test_name_is_escaped
    assert_greets '"Ada"', { **request("GET", "/"), "queryStringParameters" => { "name" => '"Ada"' } }
  end

  %w[GET POST].each do |method|
    define_method("test_other_path_#{method}") do
      assert_equal(
        {
          statusCode: 404,
          headers: { "Content-Type" => "application/problem+json" },
          body: '{"title":"Not Found","status":404,"detail":"there is nothing at /other"}'
        },
        invoke(request(method, "/other"))
      )
    end
  end

  %w[POST HEAD OPTIONS].each do |method|
    define_method("test_other_method_#{method}") do
      assert_equal(
        {
          statusCode: 405,
          headers: { "Content-Type" => "application/problem+json", "Allow" => "GET" },
          body: '{"title":"Method Not Allowed","status":405,"detail":"use GET"}'
        },
        invoke(request(method, "/"))
      )
    end
  end

  private

  def invoke(event)
    lambda_handler(event:, context: nil)
  end

  def request(method, path)
    { "rawPath" => path, "requestContext" => { "http" => { "method" => method, "path" => path } } }
  end

  def assert_greets(name, event)
    assert_equal(
      {
        statusCode: 200,
        headers: { "Content-Type" => "application/json" },
        body: JSON.generate({ message: "hello #{name}" })
      },
      invoke(event)
    )
  end
end
