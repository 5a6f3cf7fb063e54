#!/usr/bin/env bash
#
# Everything that must hold before a change is merged, in one command:
#
#     ./test.sh
#
# It may be started from any folder, by root or by an ordinary user. A missing
# tool is installed where that needs no decision of yours; otherwise the script
# says what to install and stops. The first step that fails ends the run and is
# named in the last line. Servers that it starts for the tests end with it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# A run builds each thing once: what is kept for the next change of a file would only fill the disk.
export CARGO_INCREMENTAL=0

steps=(
    "tools:tools"
    "formatting:formatting"
    "files for running it:deploy_files"
    "lints of all targets with all features:lints"
    "each feature alone:each_feature_alone"
    "documentation without warnings:documentation"
    "examples in the documentation:documentation_examples"
    "a mail server for tests:mail_server"
    "a Postgres for tests:postgres"
    "tests:all_tests"
    "answers as the API is described:described_answers"
    "a client of the document:walk_through"
    "the web front end:front_end"
    "the web front end in a browser:browser"
)

tools() {
    local cargo_home="${CARGO_HOME:-${HOME:-/root}/.cargo}"
    if ! command -v cargo >/dev/null && [ -x "$cargo_home/bin/cargo" ]; then
        export PATH="$cargo_home/bin:$PATH"
    fi
    command -v cargo >/dev/null || missing "Rust" "rustup toolchain install stable (see Cargo.toml for the oldest version)"
    command -v cc >/dev/null || install "a C compiler (cc)" build-essential
    python3 -c 'import ensurepip, venv' 2>/dev/null || install "Python 3 with venv" python3-venv
    command -v redis-server >/dev/null || install "a Redis server for tests" redis-server
    # Debian keeps these beside the search path.
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null ||
        install "a Postgres for tests" postgresql
    PATH="$PATH:/usr/sbin" command -v pgbouncer >/dev/null || install "a pgbouncer for tests" pgbouncer
    command -v faketime >/dev/null || install "another time for tests (faketime)" faketime
    node_is_new || missing "Node 20 or newer with npm" "nodejs and npm, from https://nodejs.org or your system's packages"
    command -v "${CHROMIUM:-/usr/bin/chromium}" >/dev/null || install "a browser for tests" chromium
    component rustfmt "cargo fmt --version"
    component clippy "cargo clippy --version"
    if ! cargo nextest --version >/dev/null 2>&1; then
        echo "cargo-nextest is missing: installing it with cargo, which takes some minutes"
        cargo install cargo-nextest --locked
    fi
    cargo --version
    cargo clippy --version
    cargo nextest --version | head -n 1
}

node_is_new() {
    command -v npm >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'
}

install() {
    local name="$1" package="$2"
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        missing "$name" "sudo apt-get install $package, or the like for your system"
    fi
    echo "no $name: installing $package"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package"
}

component() {
    local name="$1" probe="$2"
    if ! $probe >/dev/null 2>&1; then
        command -v rustup >/dev/null || missing "$name" "the $name that belongs to your Rust toolchain"
        echo "$name is missing: adding it with rustup"
        rustup component add "$name"
    fi
}

missing() {
    echo "test.sh: $1 is missing. Install: $2" >&2
    exit 1
}

formatting() {
    cargo fmt --all --check
}

deploy_files() {
    scripts/deploy_check.sh
    # The tables about capacity are those that the measured costs make.
    scripts/capacity.py --check
}

lints() {
    cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
}

# Builds each library without features, and then with each feature by itself.
each_feature_alone() {
    local pairs package feature
    pairs="$(packages_and_features)"
    [ -n "$pairs" ] || { echo "cargo metadata names no package" >&2; return 1; }
    while read -r package feature; do
        echo "$package, ${feature:-no features}"
        cargo check --quiet --locked --lib --package "$package" --no-default-features \
            ${feature:+--features "$feature"} </dev/null
    done <<<"$pairs"
}

# One line a package, and one line a feature of it: `package` or `package feature`.
# The JSON is cut into tokens, and an awk stack follows the nesting, so that
# neither jq nor Python is needed.
packages_and_features() {
    cargo metadata --no-deps --format-version 1 --locked |
        LC_ALL=C grep -oE '"([^"\\]|\\.)*"|[][{}:,]|[^][{}:,"[:space:]]+' |
        LC_ALL=C awk '
            /^[[{]$/ { depth++; kind[depth] = $0; key[depth] = ""; wants_key[depth] = ($0 == "{"); next }
            /^[]}]$/ {
                if (depth == 3 && key[1] == "packages") {
                    print name
                    for (i = 1; i <= features; i++) print name, feature[i]
                    features = 0
                }
                depth--
                next
            }
            $0 == ":" { wants_key[depth] = 0; next }
            $0 == "," { wants_key[depth] = (kind[depth] == "{"); next }
            {
                text = $0
                gsub(/^"|"$/, "", text)
                if (wants_key[depth]) key[depth] = text
                if (key[1] != "packages") next
                if (wants_key[depth] && depth == 4 && key[3] == "features") feature[++features] = text
                if (!wants_key[depth] && depth == 3 && key[3] == "name") name = text
            }'
}

documentation() {
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features --locked
}

documentation_examples() {
    cargo test --workspace --doc --all-features --locked
}

mail_server() {
    scripts/aiosmtpd.sh
}

# One for all tests of this run, and the pgbouncer before it. Tests that are started by hand start their own.
postgres() {
    local url
    shared="$(mktemp -d)"
    # Started by root it runs as another user, who has to get there.
    chmod 711 "$shared"
    export AUCTION_TEST_POSTGRES="$shared/postgres"
    url="$(scripts/postgres.sh start "$AUCTION_TEST_POSTGRES")"
    scripts/pgbouncer.sh start "$AUCTION_TEST_POSTGRES-pgbouncer" "$url" >/dev/null
    echo "$url"
}

remove_postgres() {
    [ -n "$shared" ] || return 0
    if [ -e "$shared/postgres-pgbouncer" ]; then scripts/pgbouncer.sh stop "$shared/postgres-pgbouncer"; fi
    scripts/postgres.sh remove "$shared/postgres"
    rm -rf "$shared"
}

all_tests() {
    cargo nextest run --workspace --all-features --locked --no-fail-fast --profile ci
}

described_answers() {
    scripts/schemathesis.sh
}

walk_through() {
    scripts/walk_through.sh
}

front_end() {
    scripts/ui.sh check
}

browser() {
    scripts/ui.sh browser
}

number=0
name="start"
shared=""
finish() {
    local code=$?
    remove_postgres || echo "test.sh: something is left in $shared" >&2
    if [ "$code" -ne 0 ]; then
        printf '\ntest.sh: FAILED in step %d of %d, %s (exit code %d, after %ds)\n' \
            "$number" "${#steps[@]}" "$name" "$code" "$SECONDS" >&2
    fi
}
trap finish EXIT

for step in "${steps[@]}"; do
    number=$((number + 1))
    name="${step%%:*}"
    printf '\n[%d/%d] %s\n' "$number" "${#steps[@]}" "$name"
    started=$SECONDS
    # Called plainly, not in a condition: there `set -e` would be off inside the step.
    "${step##*:}"
    printf '[%d/%d] %s: passed in %ds\n' "$number" "${#steps[@]}" "$name" "$((SECONDS - started))"
done

printf '\ntest.sh: all steps passed in %ds\n' "$SECONDS"
