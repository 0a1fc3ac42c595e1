#!/usr/bin/env bash
# Forgets the local province. Refuses while a server still uses the folder.
set -euo pipefail
cd "$(dirname "$0")/.."
var=${SANTINH_VAR:-var}
[ -d "$var" ] || exit 0
if [ -e "$var/pg.lock" ] && ! flock -n -x "$var/pg.lock" true; then
  echo "A santinh process still uses $var; stop it first." >&2; exit 1
fi
if [ -f "$var/pg/postmaster.pid" ] && pid=$(head -n 1 "$var/pg/postmaster.pid") && grep -q '^postgres' "/proc/$pid/comm" 2>/dev/null; then
  kill -INT "$pid"; for _ in $(seq 50); do [ -e "/proc/$pid" ] || break; sleep 0.1; done
fi
find "$var" -mindepth 1 -delete
echo "$var is empty."
