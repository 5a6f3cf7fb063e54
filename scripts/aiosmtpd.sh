#!/usr/bin/env bash
#
# Makes the environment of Python in which the tests of mail run their mail server
# (aiosmtpd, from PyPI), once, beside what cargo builds:
#
#     scripts/aiosmtpd.sh
#
# Python 3 with venv has to be there.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VERSION=1.4.6
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$target"
tools="$(cd "$target" && pwd)/aiosmtpd-$VERSION"

# The file is made last, so that an environment that is half made is made again.
if [ ! -e "$tools/complete" ]; then
    command -v python3 >/dev/null || { echo "aiosmtpd.sh: python3 is missing" >&2; exit 1; }
    python3 -m venv --clear "$tools" || { echo "aiosmtpd.sh: venv is missing (on Debian: apt-get install python3-venv)" >&2; exit 1; }
    "$tools/bin/pip" install --quiet --disable-pip-version-check "aiosmtpd==$VERSION" atpublic==9.0.0 attrs==26.1.0
    touch "$tools/complete"
fi
