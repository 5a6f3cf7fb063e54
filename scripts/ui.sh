#!/usr/bin/env bash
#
# The web front end, for test.sh and for people who change it:
#
#     scripts/ui.sh install    fetches the packages that it is built and tested with
#     scripts/ui.sh check      form, lints, types and unit tests; that what is generated is up to date; that the
#                              committed bundle is what the sources make
#     scripts/ui.sh browser [FILE ...]
#                              the tests in a browser against the built server (AUCTION_SERVER, or
#                              target/debug/auction-server); of all files in auction-http/ui/e2e, or of these
#     scripts/ui.sh screenshots FOLDER
#                              pictures of every page: light and dark, as on a phone and on a desk
#
# Node 20 or newer with npm has to be there, and for the browser Chromium (CHROMIUM names another one).

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command="${1:-}"
[ -n "$command" ] && shift

target="${CARGO_TARGET_DIR:-$PWD/target}"
server="${AUCTION_SERVER:-$target/debug/auction-server}"

[ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20' 2>/dev/null)" = true ] ||
    { echo "ui.sh: Node 20 or newer is missing (https://nodejs.org, or your system's packages)" >&2; exit 1; }
cd auction-http/ui

install() {
    # What is there is right as long as the lock file is the one that it was fetched for.
    if ! cmp -s package-lock.json node_modules/.installed-for; then
        npm ci --no-audit --no-fund --loglevel=error
        cp package-lock.json node_modules/.installed-for
    fi
}

generated() {
    local folder
    folder="$(mktemp -d)"
    trap 'rm -rf "$folder"' RETURN
    "$server" export-openapi >"$folder/openapi.json"
    cmp "$folder/openapi.json" openapi.json ||
        { echo "ui.sh: openapi.json is old: auction-server export-openapi > auction-http/ui/openapi.json, then npm run api" >&2; return 1; }
    npx openapi-typescript openapi.json --output "$folder/schema.d.ts" --alphabetize >/dev/null
    cmp "$folder/schema.d.ts" src/api/schema.d.ts ||
        { echo "ui.sh: src/api/schema.d.ts is old: npm run api" >&2; return 1; }
}

case "$command" in
install)
    install
    ;;
check)
    install
    npm run --silent lint
    npm run --silent types
    npm run --silent test
    generated
    npm run --silent fresh
    ;;
browser)
    install
    [ "$#" -gt 0 ] || set -- e2e/*.test.mjs
    # Two files at once, each with a server and a browser of its own: most of the time they wait.
    AUCTION_SERVER="$server" node --test --test-concurrency=2 --test-timeout=400000 --test-reporter=spec "$@"
    ;;
screenshots)
    install
    AUCTION_SERVER="$server" node e2e/screenshots.mjs "$@"
    ;;
*)
    sed -n '3,16s/^# \{0,1\}//p' "../../scripts/ui.sh" >&2
    exit 2
    ;;
esac
