# The folder of the function, in both stages
ARG FUNCTION_DIR="/function"

FROM python:3.13-bookworm as build-image
ARG FUNCTION_DIR
RUN apt-get update && \
  apt-get install -y \
    # awslambdaric is compiled
    g++ \

    make cmake && \
  rm -rf /var/lib/apt/lists/*
RUN mkdir -p ${FUNCTION_DIR}
COPY app/* ${FUNCTION_DIR}
RUN pip install --target ${FUNCTION_DIR} awslambdaric

FROM python:3.13-slim-bookworm
ARG FUNCTION_DIR
WORKDIR ${FUNCTION_DIR}
COPY --from=build-image ${FUNCTION_DIR} ${FUNCTION_DIR}
ADD https://github.com/aws/aws-lambda-runtime-interface-emulator/releases/latest/download/aws-lambda-rie /usr/bin/rie
COPY entry.sh /
RUN chmod 755 /usr/bin/rie /entry.sh
ENTRYPOINT [ "/entry.sh" ]
CMD [ "app.handler" ]
