#!/usr/bin/env bash
# Measures the release build and prints the table of docs/performance.md.
#   scripts/bench.sh     LISTINGS=path: these listings instead of generated ones     LISTINGS_COUNT=50000: how many are generated
#   ONLY=pages,orders,webhooks,growth,list,rfqs: these parts alone     ORDERS_COUNT=1000000, RFQS_COUNT=100000: how many for the lists
set -euo pipefail
cd "$(dirname "$0")/.."
[ -n "${LISTINGS:-}" ] && LISTINGS=$(realpath "$LISTINGS") && export LISTINGS
target=${CARGO_TARGET_DIR:-target}
cargo build --release --bin santinh --example bench
exec "$target/release/examples/bench" "$target/release/santinh"
