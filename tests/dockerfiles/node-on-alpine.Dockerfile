ARG NODE_VERSION=22.11
ARG ALPINE=3.20
FROM node:${NODE_VERSION}-alpine${ALPINE} AS build
RUN apk add --no-cache autoconf automake build-base cmake libtool python3
WORKDIR /function
COPY package*.json ./
RUN npm ci --omit=dev && npm install aws-lambda-ric
COPY --chown=node:node src/ .

FROM node:${NODE_VERSION}-alpine${ALPINE}
ENV NODE_ENV=production NPM_CONFIG_CACHE=/tmp/.npm
WORKDIR /function
COPY --from=build --chown=node:node /function ./
ENTRYPOINT ["/usr/local/bin/npx", "aws-lambda-ric"]
CMD ["index.handler"]
