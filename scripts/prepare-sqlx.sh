#!/usr/bin/env bash
# Writes .sqlx anew: what the checked queries look like, so that the build needs no database.
set -euo pipefail
cd "$(dirname "$0")/.."
server=$(scripts/dev-db.sh)
name=santinh_prepare_$$
psql -q "$server/postgres" -c "create database $name"
trap 'psql -q "$server/postgres" -c "drop database $name with (force)"' EXIT
for file in migrations/*.sql; do psql -q -v ON_ERROR_STOP=1 "$server/$name" -f "$file"; done
rm -rf .sqlx && mkdir .sqlx
touch src/lib.rs
SQLX_OFFLINE=false SANTINH_DEV_DATABASE_URL="$server/$name" SQLX_OFFLINE_DIR="$PWD/.sqlx" cargo check --all-targets
ls .sqlx | wc -l
