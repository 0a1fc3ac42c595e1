#!/usr/bin/env bash
# Starts (or finds) a throw-away PostgreSQL for development and tests and prints its URL without a
# database name. Nothing in it is precious: it does not sync to disk.
#   scripts/dev-db.sh [folder]     start      scripts/dev-db.sh --stop [folder]     stop and remove
set -euo pipefail
stop=0; [ "${1:-}" = --stop ] && { stop=1; shift; }
folder=${1:-${TMPDIR:-/tmp}/santinh-dev-db-$(id -u)}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL's programs are missing: apt-get install postgresql" >&2; exit 1; }
# PostgreSQL refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@"); else "$@"; fi; }
if [ $stop = 1 ]; then
  [ -d "$folder/data" ] && as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"; exit 0
fi
mkdir -p "$folder"; chmod 700 "$folder"
[ "$(id -u)" = 0 ] && chown postgres:postgres "$folder"
[ -f "$folder/data/PG_VERSION" ] || as "$bin/initdb" -D "$folder/data" -U santinh -A trust -E UTF8 --locale=C.UTF-8 --no-instructions -N >/dev/null
if ! as "$bin/pg_ctl" -D "$folder/data" status >/dev/null 2>&1; then
  as "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/log" -o "-c listen_addresses='' -c unix_socket_directories='$folder' \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB" start >/dev/null </dev/null
fi
encoded=$(printf %s "$folder" | sed 's|/|%2F|g')
echo "postgres://santinh@$encoded"
