#!/bin/sh
# On Lambda, the Lambda Web Adapter starts this.
set -f # Java itself expands the * of its class path.
exec {{ cookiecutter.server }} {{ cookiecutter.function_flat }}.App
