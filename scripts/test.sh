#!/usr/bin/env bash
# Every test, on a database server that is thrown away afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.cargo/bin:$PATH" SQLX_OFFLINE=true
unset DATABASE_URL
folder=$(mktemp -d /tmp/santinh-test-XXXXXX)
trap 'scripts/dev-db.sh --stop "$folder"' EXIT
step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
step 'formatting';  cargo fmt --check
step 'lints';       cargo clippy --all-targets -- -D warnings
SANTINH_TEST_SERVER=$(scripts/dev-db.sh "$folder"); export SANTINH_TEST_SERVER
step 'tests';       cargo test --all-targets --no-fail-fast
step 'examples in the documentation'; cargo test --doc
step 'done'
