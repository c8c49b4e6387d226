#!/usr/bin/env bash
# Instructions of the hot loop for one impression, counted by callgrind: the same from run to run, whatever else the machine
# does. The difference of two runs leaves out the pre-run. Valgrind knows no AVX-512, so this counts the AVX2 level.
# Writes benches/instructions.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --no-default-features
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
count() { # epochs
    FEEDTILT_ISA=v3 valgrind --tool=callgrind --callgrind-out-file="$folder/calls" --toggle-collect='*pass_v3_avx2*' \
        "${CARGO_TARGET_DIR:-target}/release/feedtilt" bench cells-32x16-few --epochs "$1" --threads 1 --json \
        >"$folder/line" 2>/dev/null
    grep -o '"impressions":[0-9]*' "$folder/line" | cut -d: -f2
    grep -m1 '^summary:\|^totals:' "$folder/calls" | awk '{print $2}'
}
mapfile -t few < <(count 2)
mapfile -t many < <(count 6)
impressions=$((many[0] - few[0]))
instructions=$((many[1] - few[1]))
{
    echo "cells-32x16-few on one thread, the last four of six epochs: the hot loop (run::watch::pass_v3) and all it calls"
    echo "impressions: $impressions"
    echo "instructions: $instructions"
    echo "instructions an impression: $((instructions / impressions))"
} | tee benches/instructions.txt
