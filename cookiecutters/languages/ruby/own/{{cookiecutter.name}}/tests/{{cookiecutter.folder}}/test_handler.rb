# frozen_string_literal: true

# Calls the function as Lambda calls it: https://docs.aws.amazon.com/lambda/latest/dg/ruby-context.html

require "json"

ROOT = File.expand_path("../..", __dir__)
CONTEXT = Struct.new(
  :function_name, :function_version, :invoked_function_arn, :memory_limit_in_mb, :aws_request_id, :log_group_name,
  :log_stream_name, :deadline_ms, :identity, :client_context
) do
  def get_remaining_time_in_millis # rubocop:disable Naming/AccessorMethodName
    {{ cookiecutter.timeout }} * 1000
  end
end

$LOAD_PATH.unshift(File.join(ROOT, "{{ cookiecutter.folder }}")) # where Lambda begins to look for files
require "{{ cookiecutter.own.module.split(".")[0] }}"

handler = method("{{ cookiecutter.own.name }}")
event = JSON.parse(File.read(File.join(ROOT, "{{ cookiecutter.event }}")))
context = CONTEXT.new(
  "{{ cookiecutter.function }}", "$LATEST", "arn:aws:lambda:us-east-1:123456789012:function:{{ cookiecutter.function }}",
  "{{ cookiecutter.memory }}", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "/aws/lambda/{{ cookiecutter.function }}",
  "2026/01/01/[$LATEST]58419525dade4d17a495dceeeed44708"
)

answer = handler.call(event: event, context: context)

puts JSON.generate(answer) # Lambda returns nothing else
{% if cookiecutter.http %}
abort "API Gateway answers 502 without a statusCode" unless answer.transform_keys(&:to_s).key?("statusCode")
{% endif %}
