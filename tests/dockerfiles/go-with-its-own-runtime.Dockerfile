FROM golang:1.25-alpine AS build
WORKDIR /src
COPY . .
RUN go build -o /out/bootstrap ./cmd/function

FROM public.ecr.aws/lambda/provided:al2023
COPY --from=build /out/bootstrap ${LAMBDA_RUNTIME_DIR}/bootstrap
CMD [ "bootstrap" ]
