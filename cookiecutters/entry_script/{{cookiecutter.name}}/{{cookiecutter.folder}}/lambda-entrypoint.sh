#!/bin/sh
# Starts what the arguments say: the runtime's client with the name of a handler. On Lambda as it is, elsewhere
# through Lambda's emulator, if the image holds that.
emulator=/usr/local/bin/aws-lambda-rie

# The last argument is the handler. Some clients and libraries look here for it.
for _HANDLER in "$@"; do :; done
export _HANDLER

if [ -n "$AWS_LAMBDA_RUNTIME_API" ]; then
  exec "$@"
fi
if [ -x "$emulator" ]; then
  exec "$emulator" "$@"
fi
echo "This image is for Lambda. With its emulator it runs elsewhere: docker build --target local" >&2
exit 1
