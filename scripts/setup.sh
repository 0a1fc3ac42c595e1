#!/usr/bin/env bash
# Installs from Debian what is missing: PostgreSQL's programs and a C linker, and for the tests a browser and a reader of PDFs.
#   scripts/setup.sh run | test
set -euo pipefail
what=${1:-run}
missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || [ -n "${DATABASE_URL:-}" ] || missing+=(postgresql)
command -v cc >/dev/null || missing+=(build-essential)
if [ "$what" = test ]; then
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || [[ " ${missing[*]-} " == *" postgresql "* ]] || missing+=(postgresql)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v chromedriver >/dev/null || missing+=(chromium-driver)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
fi
command -v cargo >/dev/null || [ -x "$HOME/.cargo/bin/cargo" ] || { echo "Rust is missing: install it with rustup (https://rustup.rs), then try again." >&2; exit 1; }
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ]; then root=(); elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then root=(sudo); else
  echo "Please have these Debian packages installed, then try again: ${missing[*]}" >&2; exit 1
fi
command -v apt-get >/dev/null || { echo "Please install these (the names are Debian's), then try again: ${missing[*]}" >&2; exit 1; }
echo "Installing from Debian: ${missing[*]}"
# The package would start a cluster of its own, which nothing here uses.
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
  "${root[@]}" mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
"${root[@]}" apt-get update -qq
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
