#!/bin/bash
#
# Whether the server of this container is ready, asked without any tool besides bash:
#
#     healthcheck.sh [port]
#
# It asks under a name from ALLOWED_HOSTS; under any other the server answers nobody.

set -euo pipefail

port="${1:-9000}"
host="${ALLOWED_HOSTS:-localhost}"
host="${host%%,*}"
host="${host//[[:space:]]/}"
host="${host#.}"
case "$host" in
    '*') host=localhost ;;
    *:*) host="[$host]" ;;
esac

exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /api/health/ready/ HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$host" >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ] || { echo "not ready: $status" >&2; exit 1; }
