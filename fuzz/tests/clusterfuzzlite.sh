#!/usr/bin/env bash
# Runs .clusterfuzzlite/build.sh as OSS-Fuzz's image would, and then what it built as a fuzzing machine would:
# from another directory, the sources and the programs read-only. Needs cargo-fuzz, a nightly compiler or
# RUSTC_BOOTSTRAP=1, zip, unzip, unshare, and rights to mount.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)

if [ "${1-}" != run ]; then
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
    export SRC=$place/src OUT=$place/out WORK=$place/work
    mkdir -p "$SRC/influxdb3-tokens" "$OUT" "$WORK"
    # What the Dockerfile copies, without what git ignores.
    git -C "$top" ls-files -z --cached --others --exclude-standard |
        tar -C "$top" --null --files-from=- --create | tar -C "$SRC/influxdb3-tokens" --extract
    cp "$top/.clusterfuzzlite/build.sh" "$SRC/"

    export FUZZING_LANGUAGE=rust FUZZING_ENGINE=libfuzzer SANITIZER=address ARCHITECTURE=x86_64
    export RUSTFLAGS="--cfg fuzzing -Zsanitizer=address -Cdebuginfo=1 -Cforce-frame-pointers"
    export CFLAGS="-O1 -fno-omit-frame-pointer" CXXFLAGS="-O1 -fno-omit-frame-pointer"
    export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$WORK/target}
    # The image's compiler is a nightly one.
    if [ -z "${RUSTC_BOOTSTRAP-}" ]; then export RUSTUP_TOOLCHAIN=nightly; fi
    (cd "$SRC/influxdb3-tokens" && bash -eu "$SRC/build.sh")

    unshare --map-root-user --mount "$0" run
    echo "everything that ClusterFuzzLite takes is there and runs"
    exit
fi

for tree in "$top" "$SRC" "$OUT"; do
    mount --bind "$tree" "$tree"
    mount -o remount,bind,ro "$tree"
done
if touch "$OUT/x" 2>/dev/null || touch "$SRC/x" 2>/dev/null; then
    echo "the trees are not read-only" >&2
    exit 1
fi
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
cd "$elsewhere"
for program in "$top"/fuzz/fuzz_targets/*.rs; do
    target=$(basename "$program" .rs)
    mkdir "$target"
    unzip -qd "$target" "$OUT/${target}_seed_corpus.zip"
    dictionary=$(sed -n 's/^dict = //p' "$OUT/$target.options")
    flags=("-max_len=$(sed -n 's/^max_len = //p' "$OUT/$target.options")")
    if [ -n "$dictionary" ]; then flags+=("-dict=$OUT/$dictionary"); fi
    if ! "$OUT/$target" "${flags[@]}" -max_total_time=3 "$target" >"$target.log" 2>&1; then
        cat "$target.log" >&2
        echo "$target fails" >&2
        exit 1
    fi
    grep -a DONE "$target.log" | sed "s/^/$target /"
done
