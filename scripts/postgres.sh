#!/usr/bin/env bash
#
# A throw-away Postgres on a free port of this machine, for tests and benchmarks:
#
#     scripts/postgres.sh start FOLDER [SETTING=VALUE ...]   starts it, or finds it running, and prints its address
#     scripts/postgres.sh stop FOLDER [fast|immediate]       stops it
#     scripts/postgres.sh remove FOLDER                      stops it at once and removes the folder
#
# It is made in FOLDER where there is none. Settings are those of postgresql.conf and are kept. Without others it
# waits for no disk (fsync=off): what dies is the server in tests, not the machine. Postgres refuses to run as root;
# then it runs as the user postgres, or as nobody. It listens on 127.0.0.1 only and asks for no password.

set -euo pipefail

command="${1:-}"
folder="${2:-}"
if [ -z "$command" ] || [ -z "$folder" ]; then
    sed -n '3,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
shift 2

# Where Debian keeps them, beside the search path.
for place in /usr/lib/postgresql/*/bin; do
    [ -d "$place" ] && PATH="$PATH:$place"
done
if ! command -v initdb >/dev/null || ! command -v pg_ctl >/dev/null; then
    echo "postgres.sh: Postgres is missing (on Debian: apt-get install postgresql)" >&2
    exit 1
fi

mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
data="$folder/data"

as_owner() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    else
        (cd / && setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups -- env HOME="$folder" "$@")
    fi
}

owner="$(id -un)"
if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    if id -u postgres >/dev/null 2>&1; then owner=postgres; fi
fi

make() {
    [ -e "$folder/made" ] && return
    rm -rf "$data"
    chown "$owner" "$folder"
    chmod 700 "$folder"
    as_owner initdb --pgdata "$data" --username auction --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync \
        >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
    cat >>"$data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 256MB
max_wal_size = 4GB
fsync = off
SETTINGS
    touch "$folder/made"
}

is_running() {
    as_owner pg_ctl status --pgdata "$data" >/dev/null 2>&1
}

start() {
    make
    for setting in "$@"; do
        echo "${setting%%=*} = '${setting#*=}'" >>"$data/postgresql.conf"
    done
    if ! is_running; then
        local tries=0
        until [ -s "$folder/port" ] && launch "$(cat "$folder/port")"; do
            tries=$((tries + 1))
            if [ "$tries" -gt 20 ]; then
                tail -n 20 "$folder/log" >&2
                exit 1
            fi
            # A port that was chosen stays; before that any that is free will do.
            if [ ! -e "$folder/kept" ]; then echo $((20000 + RANDOM % 12000)) >"$folder/port"; fi
        done
        touch "$folder/kept"
    fi
    echo "postgres://auction@127.0.0.1:$(cat "$folder/port")/postgres"
}

launch() {
    as_owner pg_ctl start --pgdata "$data" --log "$folder/log" --wait --timeout 60 --options "-p $1" >/dev/null 2>&1
}

stop() {
    if [ -e "$folder/made" ] && is_running; then
        as_owner pg_ctl stop --pgdata "$data" --mode "${1:-fast}" --wait --timeout 60 >/dev/null
    fi
}

# One at a time, whoever calls. What is started does not inherit the lock.
exec 9>"$folder.lock"
flock 9
case "$command" in
    start) start "$@" 9>&- ;;
    stop) stop "$@" 9>&- ;;
    remove) stop immediate 9>&-; rm -rf "$folder" "$folder.lock" ;;
    *) echo "postgres.sh: there is no command $command" >&2; exit 2 ;;
esac
