#!/usr/bin/env bash
# Rebuilds static/fonts/*.woff2 (pages) and data/fonts/*.ttf (PDF papers) from the npm package @fontsource/be-vietnam-pro
# (SIL Open Font License 1.1). Needs: npm, python3 with venv. The result is
# committed, so this is only run when the font or the character set changes.
#
#   scripts/subset-fonts.sh            # -> static/fonts/, data/fonts/
#
# fontsource ships each weight as three pieces (latin, latin-ext, vietnamese).
# One file per weight is better on a weak network (one request, no flash on
# letters with marks), so the pieces are cut to the characters this site needs
# and merged again.
set -euo pipefail

FONT_VERSION=5.3.0
FONTTOOLS_VERSION=4.68.0
BROTLI_VERSION=1.2.0

root=$(cd "$(dirname "$0")/.." && pwd)
out="$root/static/fonts"
papers="$root/data/fonts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund \
    "@fontsource/be-vietnam-pro@$FONT_VERSION")
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "fonttools==$FONTTOOLS_VERSION" "brotli==$BROTLI_VERSION"

mkdir -p "$out" "$papers"
"$work/venv/bin/python" - "$work/node_modules/@fontsource/be-vietnam-pro" "$out" "$papers" <<'PY'
import os, sys
from fontTools import merge, subset
from fontTools.ttLib import TTFont

src, out, papers = sys.argv[1], sys.argv[2], sys.argv[3]

def span(a, b): return set(range(a, b + 1))

WANT = (
    span(0x20, 0x7E)                                   # Basic Latin
    | {0xA0, 0xA9, 0xAB, 0xB0, 0xB1, 0xB2, 0xB3, 0xB7, 0xBB, 0xBD, 0xD7}
    | {ord(c) for c in "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"}
    | {ord(c) for c in "ĂăĐđĨĩŨũƠơƯư"}
    | span(0x1EA0, 0x1EF9)                             # Vietnamese, composed
    | {0x300, 0x301, 0x303, 0x309, 0x323}              # combining, typed NFD
    | {0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2212}
    | {0x20AB}                                         # dong sign
)

def build(weight, wanted, name, flavor):
    parts, seen = [], set()
    # vietnamese first: it owns the marked letters and the dong sign
    for piece in ("vietnamese", "latin", "latin-ext"):
        f = TTFont(f"{src}/files/be-vietnam-pro-{piece}-{weight}-normal.woff2")
        cps = set(f.getBestCmap()) - seen
        if wanted is not None:
            cps &= wanted
        if not cps:
            continue
        seen |= cps
        o = subset.Options()
        o.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "liga"]
        o.hinting = False
        o.desubroutinize = True
        o.notdef_outline = True
        o.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        o.drop_tables += ["DSIG", "STAT", "meta", "gasp"]
        s = subset.Subsetter(o)
        s.populate(unicodes=cps)
        s.subset(f)
        p = f"{out}/.part-{piece}.ttf"
        f.flavor = None
        f.save(p)
        parts.append(p)
    m = merge.Merger().merge(parts)
    m["head"].modified = m["head"].created             # reproducible bytes
    m.flavor = flavor
    m.recalcTimestamp = False
    m.save(name)
    for p in parts:
        os.remove(p)
    missing = sorted((wanted or WANT) - set(m.getBestCmap()))
    print(os.path.basename(name), os.path.getsize(name), "bytes; missing:",
          [f"U+{c:04X}" for c in missing])

for weight in (400, 700):
    build(weight, WANT, f"{out}/be-vietnam-pro-{weight}.woff2", "woff2")
    # Papers name people from anywhere: every letter that the font has.
    build(weight, None, f"{papers}/be-vietnam-pro-{weight}.ttf", None)
PY
cp "$work/node_modules/@fontsource/be-vietnam-pro/LICENSE" "$out/OFL.txt"
cp "$out/OFL.txt" "$papers/OFL.txt"
