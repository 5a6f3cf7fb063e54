# What the scripts beside this one have in common. It is read by them, from the
# root of the repository, and does nothing by itself.
# shellcheck shell=bash

# Says why the script that reads this goes no further.
fail() {
    echo "$(basename "$0"): $1" >&2
    exit 1
}

# Makes an environment of Python beside what cargo builds, once, and sets `tools`
# to its folder: python_tools <name of the folder> <package of PyPI>...
python_tools() {
    local target="${CARGO_TARGET_DIR:-target}" name="$1"
    shift
    mkdir -p "$target"
    tools="$(cd "$target" && pwd)/$name"
    # The file is made last, so that an environment that is half made is made again.
    [ ! -e "$tools/complete" ] || return 0
    command -v python3 >/dev/null || fail "python3 is missing"
    python3 -m venv --clear "$tools" || fail "venv is missing (on Debian: apt-get install python3-venv)"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "$@"
    touch "$tools/complete"
}

# Sets `server` to the path that was given, or builds one: find_server [path]
find_server() {
    if [ $# -gt 0 ]; then
        server="$1"
    else
        # As the tests build it, so that nothing is built twice.
        cargo build --quiet --locked --workspace --all-features --bin auction-server
        server="${CARGO_TARGET_DIR:-target}/debug/auction-server"
    fi
}

# Serves a folder of its own on a port of its own until the script ends, and sets
# `folder` and `address`: start_server [flag of serve]...
start_server() {
    folder="$(mktemp -d)"
    pid=""
    trap stop_server EXIT
    "$server" --data-dir "$folder/data" serve --listen 127.0.0.1:0 "$@" >"$folder/said" 2>"$folder/log" &
    pid=$!
    for _ in $(seq 600); do
        address="$(sed -n 's/.*serves on \(http:[^ ]*\).*/\1/p' "$folder/said")"
        [ -z "$address" ] || return 0
        kill -0 "$pid" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
    fail "the server does not start"
}

stop_server() {
    [ -z "$pid" ] || { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
    rm -rf "$folder"
}
