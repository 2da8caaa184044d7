#!/bin/sh
# On Lambda, the Lambda Web Adapter starts this.
exec {{ cookiecutter.server }} config.ru
