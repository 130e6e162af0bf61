#!/bin/bash -eu
# Builds the fuzz targets for OSS-Fuzz and ClusterFuzzLite, which set the variables and run what is in $OUT.

cd "$SRC/influxdb3-tokens"

# As `cargo xtask fuzz` does: it would take longer than it saves.
export CARGO_PROFILE_RELEASE_LTO=off
triple=${ARCHITECTURE:-x86_64}-unknown-linux-gnu
# These two words come first, for the image's cargo makes another build of them where coverage is measured.
cargo fuzz build -O --debug-assertions --target "$triple"

for program in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$program" .rs)
    cp "${CARGO_TARGET_DIR:-target}/$triple/release/$target" "$OUT/"
    cp "fuzz/options/$target.options" "$OUT/"
    corpus=("fuzz/seeds/$target")
    if [ -d "fuzz/regressions/$target" ]; then
        corpus+=("fuzz/regressions/$target")
    fi
    rm -f "$OUT/${target}_seed_corpus.zip"
    zip -qrX "$OUT/${target}_seed_corpus.zip" "${corpus[@]}"
done
# The options name them.
cp fuzz/dictionaries/*.dict "$OUT/"
