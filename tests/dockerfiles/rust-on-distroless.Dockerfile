FROM rust:1.90-bookworm AS build
WORKDIR /app
COPY . .
RUN cargo build --release --bin bootstrap

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /app/target/release/bootstrap /bootstrap
ENTRYPOINT ["/bootstrap"]
