# frozen_string_literal: true

# Read by Puma: https://puma.io/puma/Puma/DSL.html
bind "tcp://0.0.0.0:8000"
environment "production"

# With SIGTERM, Fargate and Docker ask a server to stop, which is not a failure.
raise_exception_on_sigterm false
