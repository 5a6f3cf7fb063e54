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

PACKAGES=(requests==2.34.2 websocket-client==1.9.2)
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$target"
tools="$(cd "$target" && pwd)/walk-through-1"

if [ ! -e "$tools/complete" ]; then
    command -v python3 >/dev/null || { echo "walk_through.sh: python3 is missing" >&2; exit 1; }
    python3 -m venv "$tools" || { echo "walk_through.sh: venv is missing (on Debian: apt-get install python3-venv)" >&2; exit 1; }
    "$tools/bin/pip" install --quiet --disable-pip-version-check "${PACKAGES[@]}"
    touch "$tools/complete"
fi

if [ $# -gt 0 ]; then
    server="$1"
else
    # As the tests build it, so that nothing is built twice.
    cargo build --quiet --locked --workspace --all-features --bin auction-server
    server="$target/debug/auction-server"
fi

folder="$(mktemp -d)"
pid=""
finish() {
    [ -z "$pid" ] || { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap finish EXIT

# Reminders come seconds before and not a quarter of an hour.
export NOTICE_LEAD_START=3s NOTICE_LEAD_END=3s
"$server" --data-dir "$folder/data" serve --listen 127.0.0.1:0 >"$folder/said" 2>"$folder/log" &
pid=$!
for _ in $(seq 600); do
    address="$(sed -n 's/.*serves on \(http:[^ ]*\).*/\1/p' "$folder/said")"
    [ -z "$address" ] || break
    kill -0 "$pid" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done
[ -n "$address" ] || { echo "walk_through.sh: the server does not start" >&2; exit 1; }

PYTHONDONTWRITEBYTECODE=1 "$tools/bin/python" scripts/walk_through.py "$address" "$folder/data" "$server" || {
    echo "walk_through.sh: the last lines of the log" >&2
    tail -n 20 "$folder/log" >&2
    exit 1
}
