#!/usr/bin/env bash
# Installs what `make test-all` needs from Debian's packages: Chromium, fonts, a JVM, Node, the PostgreSQL client.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
missing=$(grep -vE '^(#|$)' "$here/debian-packages.txt" | while read -r package; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
done)
command -v npm >/dev/null || missing="$missing nodejs npm"
[ -z "$missing" ] && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086  # one word a package
apt-get install -y -q --no-install-recommends $missing
