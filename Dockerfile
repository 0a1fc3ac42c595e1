# The server as an image: built without a database (the checked queries are in .sqlx).
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
ENV SQLX_OFFLINE=true
RUN cargo build --release --bin santinh

FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/santinh santinh
COPY --from=build /src/target/release/santinh /usr/local/bin/santinh
USER santinh
WORKDIR /var/lib/santinh
ENV SANTINH_VAR=/var/lib/santinh/var SANTINH_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["santinh"]
CMD ["serve"]
