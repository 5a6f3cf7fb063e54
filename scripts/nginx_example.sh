#!/usr/bin/env bash
#
# Runs nginx with the example of deploy/nginx before three stand-ins of the server,
# on free ports and in a folder of its own, and looks whether it does what
# docs/deploying.md says (nginx_example.py). It takes some seconds:
#
#     scripts/nginx_example.sh
#
# nginx, openssl and Python 3 have to be there; nothing is installed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PATH:/usr/sbin:/usr/local/sbin"

missing() {
    echo "nginx_example.sh: $1 is missing (on Debian: apt-get install $2)" >&2
    exit 1
}
command -v python3 >/dev/null || missing python3 python3
command -v openssl >/dev/null || missing openssl openssl
command -v nginx >/dev/null || missing nginx nginx-light

PYTHONDONTWRITEBYTECODE=1 exec python3 scripts/nginx_example.py "$(command -v nginx)"
