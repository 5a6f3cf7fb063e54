#!/usr/bin/env bash
#
# Everything that must hold before a change is merged, in one command:
#
#     ./test.sh
#
# It may be started from any folder, by root or by an ordinary user. A missing
# tool is installed where that needs no decision of yours; otherwise the script
# says what to install and stops. The first step that fails ends the run and is
# named in the last line.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

steps=(
    "tools:tools"
    "formatting:formatting"
    "lints of all targets with all features:lints"
    "each feature alone:each_feature_alone"
    "documentation without warnings:documentation"
    "examples in the documentation:documentation_examples"
    "a mail server for tests:mail_server"
    "tests:all_tests"
    "answers as the API is described:described_answers"
    "a client of the document:walk_through"
)

tools() {
    local cargo_home="${CARGO_HOME:-${HOME:-/root}/.cargo}"
    if ! command -v cargo >/dev/null && [ -x "$cargo_home/bin/cargo" ]; then
        export PATH="$cargo_home/bin:$PATH"
    fi
    command -v cargo >/dev/null || missing "Rust" "rustup toolchain install stable (see Cargo.toml for the oldest version)"
    command -v cc >/dev/null || install "a C compiler (cc)" build-essential
    python3 -c 'import ensurepip, venv' 2>/dev/null || install "Python 3 with venv" python3-venv
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

all_tests() {
    cargo nextest run --workspace --all-features --locked --no-fail-fast --profile ci
}

described_answers() {
    scripts/schemathesis.sh
}

walk_through() {
    scripts/walk_through.sh
}

number=0
name="start"
report_failure() {
    local code=$?
    if [ "$code" -ne 0 ]; then
        printf '\ntest.sh: FAILED in step %d of %d, %s (exit code %d, after %ds)\n' \
            "$number" "${#steps[@]}" "$name" "$code" "$SECONDS" >&2
    fi
}
trap report_failure EXIT

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
