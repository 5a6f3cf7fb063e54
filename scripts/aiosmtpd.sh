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

# shellcheck source=scripts/common.sh
source scripts/common.sh

python_tools aiosmtpd-1.4.6 aiosmtpd==1.4.6 atpublic==9.0.0 attrs==26.1.0
