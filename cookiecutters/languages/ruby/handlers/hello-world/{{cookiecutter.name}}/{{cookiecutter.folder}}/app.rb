# frozen_string_literal: true

require "json"

# Answers GET /{{ cookiecutter.path }}:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
def lambda_handler(event:, context:)
  {
    statusCode: 200,
    headers: { "Content-Type" => "application/json" },
    body: JSON.generate({ message: "hello world" })
  }
end
