#!/usr/bin/env bash
# How right and how fast the search is; see examples/bench_search/main.rs.
#   scripts/bench-search.sh     LISTINGS=a.csv,b.csv QUERIES=q.csv QRELS=r.csv [CORPUS=ids.csv] [SIZES=10000,…] [MEILI_URL=…]
set -euo pipefail
# Paths are those of the caller, also after the change of folder.
for name in QUERIES QRELS CORPUS; do
  [ -n "${!name:-}" ] && export "$name=$(realpath "${!name}")"
done
if [ -n "${LISTINGS:-}" ]; then
  paths=
  IFS=, read -ra tables <<<"$LISTINGS"
  for table in "${tables[@]}"; do paths+=${paths:+,}$(realpath "$table"); done
  export LISTINGS=$paths
fi
cd "$(dirname "$0")/.."
cargo build --release --example bench_search
exec "${CARGO_TARGET_DIR:-target}/release/examples/bench_search"
