#!/bin/sh
# On Lambda, the Lambda Web Adapter starts this.
exec {{ cookiecutter.server }} app:app
