# Everything below works with plain cargo as well.

# The engine without tables: seconds to build.
fast:
    cargo test --release --no-default-features

# What CI runs.
ci:
    .ci/run

# Rewrites generated documents and expected messages.
bless:
    FEEDTILT_BLESS=1 cargo test --release

# Throughput of the standard workload.
bench:
    cargo run --release -- bench cells-32x16
