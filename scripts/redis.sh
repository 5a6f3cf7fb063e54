#!/usr/bin/env bash
#
# A Redis to throw away, for tests and for trying out:
#
#     scripts/redis.sh start DIR [OPTION...]
#     scripts/redis.sh stop DIR
#
# It listens on a free port of this machine only, keeps nothing on disk, and writes
# its URL to DIR/url, which is printed. Where DIR/url is there already, it starts on
# the same port again. Options are those of redis-server, like --requirepass secret;
# a URL does not repeat them. By root and by ordinary users alike.

set -euo pipefail

PORTS_TRIED=20
# In steps of 10 ms.
STEPS_MAX=1000

usage() {
    echo "usage: redis.sh start DIR [OPTION...] | stop DIR" >&2
    exit 2
}

start() {
    local dir="$1" port url
    shift
    command -v redis-server >/dev/null ||
        { echo "redis.sh: redis-server is missing (on Debian: apt-get install redis-server)" >&2; exit 1; }
    mkdir -p "$dir"
    dir="$(cd "$dir" && pwd)"
    if [ -e "$dir/url" ]; then
        url="$(<"$dir/url")"
        listen "$dir" "${url##*:}" "$@" || { echo "redis.sh: it does not start:" >&2; tail -n 3 "$dir/log" >&2; exit 1; }
        echo "$url"
        return
    fi
    for _ in $(seq "$PORTS_TRIED"); do
        # Below the ports that outgoing connections are given.
        port=$((10000 + (RANDOM * 32768 + RANDOM) % 22000))
        if listen "$dir" "$port" "$@"; then
            echo "redis://127.0.0.1:$port" >"$dir/url"
            cat "$dir/url"
            return
        fi
    done
    echo "redis.sh: it does not start:" >&2
    tail -n 3 "$dir/log" >&2
    exit 1
}

# Starts it on this port, and waits until it listens or has ended.
listen() {
    local dir="$1" port="$2" pid
    shift 2
    rm -f "$dir/pid" "$dir/log"
    # Options of the caller come last and win. It keeps running when the script has ended.
    (cd "$dir" && exec setsid redis-server --bind 127.0.0.1 --port "$port" --save "" --appendonly no \
        --daemonize no --logfile log "$@" </dev/null >/dev/null 2>&1) &
    pid=$!
    for _ in $(seq "$STEPS_MAX"); do
        if grep -qs 'Ready to accept connections' "$dir/log"; then
            echo "$pid" >"$dir/pid"
            return 0
        fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.01
    done
    kill -KILL "$pid"
    return 1
}

# Ends it at once, also where it was stopped by a signal: there is nothing to save.
stop() {
    local pid
    [ -e "$1/pid" ] || return 0
    pid="$(<"$1/pid")"
    rm "$1/pid"
    kill -KILL "$pid" 2>/dev/null || return 0
    for _ in $(seq "$STEPS_MAX"); do
        # One that has ended and that nobody has asked about holds no port.
        case "$(ps -o state= -p "$pid")" in "" | Z*) return 0 ;; esac
        sleep 0.01
    done
    echo "redis.sh: process $pid does not end" >&2
    exit 1
}

[ $# -ge 2 ] || usage
case "$1" in
    start) start "${@:2}" ;;
    stop) [ $# -eq 2 ] || usage; stop "$2" ;;
    *) usage ;;
esac
