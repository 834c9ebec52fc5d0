#!/bin/sh
# Builds the console's stylesheet and vendored scripts into src/zhike/interfaces/console/static/console.
#   frontend/build.sh           writes them
#   frontend/build.sh --check   builds beside them and fails when what is committed differs
# Needs Node 20 or later and npm; the product itself needs neither.
set -eu
cd "$(dirname "$0")"
committed=../src/zhike/interfaces/console
out=$committed
if [ "${1:-}" = "--check" ]; then
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
fi
# Not `npm ci`: since 11.16 it refuses a lock whose optional parts for other systems a registry does not have
# (npm/cli 9846). This installs by the same lock, with its hashes, and leaves it as it is.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm install --no-save --ignore-scripts --no-audit --no-fund

mkdir -p "$out/static/console/vendor/licences" "$out/templates/icons"
NODE_ENV=production npx --no-install tailwindcss -i css/app.css -o "$out/static/console/app.css" --minify
node vendor.mjs "$out"

if [ "$out" != "$committed" ]; then
    status=0
    for part in static/console/app.css static/console/vendor templates/icons; do
        diff -rq "$out/$part" "$committed/$part" || status=1
    done
    [ $status = 0 ] || { echo "The committed console assets are stale: run frontend/build.sh and commit." >&2; exit 1; }
    echo "The committed console assets equal a fresh build."
fi
