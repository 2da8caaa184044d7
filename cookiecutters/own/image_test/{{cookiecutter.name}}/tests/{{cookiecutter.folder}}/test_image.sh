#!/bin/sh
# Builds the image, sends it the sample event as Lambda would, and fails where the function does.
set -eu
cd "$(dirname "$0")/../.."

image="{{ cookiecutter.function }}-function:test"
docker build {{ cookiecutter.docker_build_target }}--platform {{ cookiecutter.docker_platform }} {{ cookiecutter.docker_build_args }}--tag "$image" {{ cookiecutter.folder }}
# AWS's images have Lambda's runtime interface emulator in them; it listens on port 8080.
container=$(docker run --detach --platform {{ cookiecutter.docker_platform }} --publish 127.0.0.1::8080 {{ cookiecutter.docker_run_options }}"$image"{{ cookiecutter.docker_command }})
trap 'docker rm --force --volumes "$container" > /dev/null' EXIT

url="http://$(docker port "$container" 8080 | head -n 1)/2015-03-31/functions/function/invocations"
if ! answer=$(curl --silent --show-error --fail --retry 5 --retry-delay 1 --retry-all-errors --max-time 60 \
    --data @{{ cookiecutter.event }} "$url"); then
    docker logs "$container" >&2
    exit 1
fi
echo "$answer"
case $answer in
    *'"errorType"'* | *'"errorMessage"'*)
        docker logs "$container" >&2
        exit 1
        ;;
{% if cookiecutter.http %}
    *'"statusCode"'*) ;;
    *)
        echo "API Gateway answers 502 without a statusCode." >&2
        exit 1
        ;;
{% endif %}
esac
