#!/usr/bin/env bash
#
# Starts a server of its own and walks a client through it that was written from
# the description of the platform that the API was made for, and from nothing
# else (walk_through.py, walk_client.py):
#
#     scripts/walk_through.sh [path of auction-server]
#
# Without a path it builds the server. Python 3 has to be there.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=scripts/common.sh
source scripts/common.sh

python_tools walk-through-1 requests==2.34.2 websocket-client==1.9.2
find_server "$@"

# Reminders come seconds before and not a quarter of an hour.
export NOTICE_LEAD_START=3s NOTICE_LEAD_END=3s
# shellcheck disable=SC2119 # It is given no flags of this script.
start_server

PYTHONDONTWRITEBYTECODE=1 "$tools/bin/python" scripts/walk_through.py "$address" "$folder/data" "$server" || {
    echo "walk_through.sh: the last lines of the log" >&2
    tail -n 20 "$folder/log" >&2
    exit 1
}
