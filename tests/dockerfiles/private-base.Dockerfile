ARG REGISTRY
ARG TAG
FROM ${REGISTRY}/platform/lambda-python:${TAG}
COPY . .
HEALTHCHECK NONE
LABEL org.opencontainers.image.title="orders" \
      team=checkout
STOPSIGNAL SIGTERM
