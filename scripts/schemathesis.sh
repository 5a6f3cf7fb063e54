#!/usr/bin/env bash
#
# Asks a running server everything that its description allows, and much that it
# does not, and holds every answer against the description (schemathesis, from
# PyPI). Once as nobody, once as an admin:
#
#     scripts/schemathesis.sh [path of auction-server]
#
# Without a path it builds the server. EXAMPLES says how many examples of each
# operation are made (default 12). Python 3 has to be there.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=scripts/common.sh
source scripts/common.sh

VERSION=4.32.5
EXAMPLES="${EXAMPLES:-12}"
python_tools "schemathesis-$VERSION" "schemathesis==$VERSION"
find_server "$@"

# What is asked for comes fast, and from one address.
export RATE_LIMIT_ANON=off RATE_LIMIT_USER=off RATE_LIMIT_BIDS=off
export RATE_LIMIT_SIGN_IN=1000000 RATE_LIMIT_SIGN_IN_ADDRESS=1000000
start_server --demo

password="$("$server" --data-dir "$folder/data" create-admin --email schema@example.org | sed -n 's/^password: //p')"
token="$(python3 - "$address" "$password" <<'PYTHON'
import json, sys, urllib.request
body = json.dumps({"email": "schema@example.org", "password": sys.argv[2]}).encode()
request = urllib.request.Request(sys.argv[1] + "/api/login/", body, {"Content-Type": "application/json"})
print(json.load(urllib.request.urlopen(request))["token"])
PYTHON
)"

# Data that fit the description can still be wrong (an end before its start, a
# wrong code), and parameters that nobody knows are ignored: these two checks
# would call both a fault.
ask() {
    "$tools/bin/schemathesis" run "$address/api/schema/" --checks all \
        --exclude-checks positive_data_acceptance,negative_data_rejection \
        --max-examples "$EXAMPLES" --workers 2 --seed 1 --no-color "$@"
}
cd "$folder"
code=0
echo "as nobody"
ask || code=1
echo "as an admin"
# The calls that would end the session that is used, or change how its owner signs
# in, are asked by nobody only.
ask --header "Authorization: Token $token" --exclude-path-regex \
    '^/api/(logout/|sessions/\{|2fa/(setup|enable|disable|verify)/|change-|reset-password/|token/)' || code=1
exit "$code"
