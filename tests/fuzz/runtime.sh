#!/bin/sh
# runtime.sh CC NAME ENDING: where clang has its library NAME, whether the architecture stands in
# the folder (lib/aarch64-unknown-linux-gnu/libclang_rt.asan.so) or, as before, in the file's name
# (lib/linux/libclang_rt.asan-aarch64.so).
machine=$("$1" -dumpmachine) || exit 1
for file in "libclang_rt.$2.$3" "libclang_rt.$2-${machine%%-*}.$3" \
    "libclang_rt.$2-$(uname -m).$3"; do
	path=$("$1" -print-file-name="$file")
	if [ -f "$path" ]; then
		echo "$path"
		exit 0
	fi
done
echo "$1 has no library $2 for $machine: install its runtime (libclang-rt-dev)" >&2
exit 1
