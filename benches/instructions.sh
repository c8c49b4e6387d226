#!/usr/bin/env bash
# Instructions of the hot loop, counted by callgrind: the same from run to run, whatever else the machine does.
# Valgrind knows no AVX-512, so this counts the AVX2 level. Writes benches/instructions.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --no-default-features
out=$(mktemp)
trap 'rm -f "$out" "$out.json"' EXIT
FEEDTILT_ISA=v3 valgrind --tool=callgrind --callgrind-out-file="$out" --toggle-collect='*pass_v3_avx2*' \
    target/release/feedtilt bench quickstart --users 1500 --epochs 2 --threads 1 --json >"$out.json" 2>/dev/null
impressions=$(grep -o '"impressions":[0-9]*' "$out.json" | cut -d: -f2)
instructions=$(grep -m1 '^summary:\|^totals:' "$out" | awk '{print $2}')
{
    echo "quickstart with 1,500 people on one thread: instructions of the hot loop (run::watch::pass_v3), pre-run and burn-in included"
    echo "impressions of the two timed epochs: $impressions"
    echo "instructions: $instructions"
} | tee benches/instructions.txt
