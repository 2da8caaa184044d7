# frozen_string_literal: true

require "json"
require "net/http"
require "open3"

# The deployed stack that AWS_SAM_STACK_NAME names, for tests.
module Stack
  PROJECT = File.expand_path("../..", __dir__)

  def setup
    @stack = ENV.fetch("AWS_SAM_STACK_NAME", "")
    skip "set AWS_SAM_STACK_NAME to test the deployed stack" if @stack.empty?
  end

  def url
    command = ["sam", "list", "stack-outputs", "--stack-name", @stack, "--output", "json"]
    json, status = Open3.capture2(*command, chdir: PROJECT)
    assert_predicate status, :success?
    outputs = JSON.parse(json).to_h { |output| output.values_at("OutputKey", "OutputValue") }
    outputs.fetch("{{ cookiecutter.function_pascal }}Api")
  end
end
