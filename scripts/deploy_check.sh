#!/usr/bin/env bash
#
# Looks at what stands in deploy/ and at the files for compose: whether each can be
# read, and whether every metric in alerts and dashboard is counted somewhere in the
# sources (deploy_check.py):
#
#     scripts/deploy_check.sh
#
# Python 3 has to be there. promtool, docker-compose and systemd-analyze are asked as
# well where they are there; what was left out is said.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VERSION=6.0.3
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$target"
tools="$(cd "$target" && pwd)/deploy-check-$VERSION"

if [ ! -e "$tools/complete" ]; then
    command -v python3 >/dev/null || { echo "deploy_check.sh: python3 is missing" >&2; exit 1; }
    python3 -m venv --clear "$tools" || { echo "deploy_check.sh: venv is missing (on Debian: apt-get install python3-venv)" >&2; exit 1; }
    "$tools/bin/pip" install --quiet --disable-pip-version-check "PyYAML==$VERSION"
    touch "$tools/complete"
fi

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
touch "$folder/empty"

for script in deploy/*.sh scripts/*.sh; do
    bash -n "$script"
done
PYTHONDONTWRITEBYTECODE=1 "$tools/bin/python" scripts/deploy_check.py

if command -v promtool >/dev/null; then
    promtool check config deploy/prometheus/prometheus.yml
    promtool test rules deploy/prometheus/alerts_test.yml
else
    echo "left out, since promtool is not here: the tests of the alerts"
fi

compose=()
if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
fi
if [ "${#compose[@]}" -gt 0 ]; then
    # Nothing of a `.env` that lies about. /dev/null is no file to compose.
    compose+=(--env-file "$folder/empty")
    given() { env SECRET_KEY=key POSTGRES_PASSWORD=password "$@" config --quiet; }
    given "${compose[@]}" -f compose.yaml
    given "${compose[@]}" -f compose.dev.yaml
    for secret in SECRET_KEY POSTGRES_PASSWORD; do
        if given env -u "$secret" "${compose[@]}" -f compose.yaml >/dev/null 2>&1; then
            echo "deploy_check.sh: compose.yaml does not ask for $secret" >&2
            exit 1
        fi
    done
    echo "compose.yaml and compose.dev.yaml are taken, and not without secrets"
else
    echo "left out, since compose is not here: its own look at compose.yaml"
fi

if command -v systemd-analyze >/dev/null; then
    # It wants to see the program.
    for unit in deploy/systemd/*.service; do
        sed "s#^ExecStart=/usr/local/bin/auction-server#ExecStart=/bin/true#" "$unit" >"$folder/${unit##*/}"
    done
    said="$(systemd-analyze verify "$folder"/*.service 2>&1)" || { echo "$said" >&2; exit 1; }
    [ -z "$said" ] || { echo "$said" >&2; exit 1; }
    echo "systemd takes the units"
else
    echo "left out, since systemd-analyze is not here: the units"
fi
