# frozen_string_literal: true

require "roda"

# A web application, which knows nothing of Lambda.
class App < Roda
  MAX_NAME_LENGTH = 100

  plugin :json

  route do |r|
    # The Lambda Web Adapter and load balancers check this path.
    r.get("health") { "ok" }

    r.get "greetings", String do |segment|
      name = Rack::Utils.unescape_path(segment).force_encoding(Encoding::UTF_8)
      if name.valid_encoding? && name.length <= MAX_NAME_LENGTH
        { message: "hello #{name}" }
      else
        response.status = 400
        { error: "the name must be UTF-8 with at most #{MAX_NAME_LENGTH} characters" }
      end
    end
  end
end
