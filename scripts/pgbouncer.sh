#!/usr/bin/env bash
#
# A throw-away pgbouncer in transaction mode on a free port of this machine, for tests and benchmarks:
#
#     scripts/pgbouncer.sh start FOLDER POSTGRES_URL   starts it, or finds it running, and prints its address
#     scripts/pgbouncer.sh stop FOLDER                 stops it at once
#
# POSTGRES_URL is the server before which it stands, as scripts/postgres.sh prints it: any database there is reached
# under its own name. It is made in FOLDER where there is none. pgbouncer refuses to run as root; then it runs as the
# user postgres, or as nobody. It listens on 127.0.0.1 only and asks for no password.

set -euo pipefail

PORTS_TRIED=20
# In steps of 10 ms.
STEPS_MAX=1000

usage() {
    sed -n '3,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

command="${1:-}"
folder="${2:-}"
[ -n "$command" ] && [ -n "$folder" ] || usage
# Where Debian keeps it, which is not on everybody's search path.
PATH="$PATH:/usr/sbin"
command -v pgbouncer >/dev/null ||
    { echo "pgbouncer.sh: pgbouncer is missing (on Debian: apt-get install pgbouncer)" >&2; exit 1; }

mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

owner="$(id -un)"
if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    if id -u postgres >/dev/null 2>&1; then owner=postgres; fi
fi

as_owner() {
    if [ "$(id -u)" -ne 0 ]; then
        exec "$@"
    else
        exec setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups -- env HOME="$folder" "$@"
    fi
}

# What nodes need is the first setting, and nothing in ignore_startup_parameters; docs/deploying.md tells of it. The last
# two are for tests: many databases, each for a moment.
write_settings() {
    local port="$2" server="${1#*@}"
    server="${server%%/*}"
    cat <<SETTINGS
[databases]
* = host=${server%:*} port=${server##*:}

[pgbouncer]
pool_mode = transaction
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = $folder/users
logfile = $folder/log
log_connections = 0
log_disconnections = 0
max_client_conn = 1000
default_pool_size = 40
query_wait_timeout = 5
server_login_retry = 1
server_idle_timeout = 10
autodb_idle_timeout = 10
SETTINGS
}

is_running() {
    [ -s "$folder/pid" ] && [ "$(ps -o comm= -p "$(<"$folder/pid")")" = pgbouncer ]
}

start() {
    local url="$1" user port
    user="${url#*://}"
    user="${user%%[:@]*}"
    if is_running && write_settings "$url" "$(<"$folder/port")" | cmp -s - "$folder/settings.ini"; then
        tell "$user"
        return
    fi
    stop
    echo "\"$user\" \"\"" >"$folder/users"
    chown "$owner" "$folder"
    chmod 700 "$folder"
    for _ in $(seq "$PORTS_TRIED"); do
        # A port that was chosen stays; before that any that is free will do, below those of outgoing connections.
        port=$((10000 + (RANDOM * 32768 + RANDOM) % 22000))
        if [ -e "$folder/port" ]; then port="$(<"$folder/port")"; fi
        write_settings "$url" "$port" >"$folder/settings.ini"
        chown "$owner" "$folder/settings.ini" "$folder/users"
        if listen "$port"; then
            echo "$port" >"$folder/port"
            tell "$user"
            return
        fi
        if [ -e "$folder/port" ]; then break; fi
    done
    echo "pgbouncer.sh: it does not start:" >&2
    tail -n 5 "$folder/log" >&2
    exit 1
}

tell() {
    echo "postgres://$1@127.0.0.1:$(<"$folder/port")/postgres"
}

# Starts it on this port, and waits until it listens or has ended. It keeps running when the script has ended.
listen() {
    local pid
    rm -f "$folder/log"
    (cd "$folder" && as_owner setsid pgbouncer --quiet "$folder/settings.ini" </dev/null >/dev/null 2>&1) &
    pid=$!
    for _ in $(seq "$STEPS_MAX"); do
        if grep -qs "listening on 127.0.0.1:$1" "$folder/log"; then
            echo "$pid" >"$folder/pid"
            return 0
        fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.01
    done
    kill -KILL "$pid"
    return 1
}

# There is nothing to save.
stop() {
    local pid
    if is_running; then
        pid="$(<"$folder/pid")"
        kill -KILL "$pid"
        for _ in $(seq "$STEPS_MAX"); do
            # One that has ended and that nobody has asked about holds no port.
            case "$(ps -o state= -p "$pid")" in "" | Z*) break ;; esac
            sleep 0.01
        done
    fi
    rm -f "$folder/pid"
}

# One at a time, whoever calls. What is started does not inherit the lock.
exec 9>"$folder.lock"
flock 9
case "$command" in
    start) [ $# -eq 3 ] || usage; start "$3" 9>&- ;;
    stop) [ $# -eq 2 ] || usage; stop 9>&- ;;
    *) usage ;;
esac
