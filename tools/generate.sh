#!/usr/bin/env bash
# Regenerates everything that follows from proto/: the imported schemas
# (third_party/proto, not committed), the layout of our own files, gen/ and
# image.binpb. Needs Go and nothing else; the first run builds buf, which takes
# some minutes, and Go's cache keeps it.
#
#   bash tools/generate.sh
#
# gen/ and image.binpb are replaced only when everything before has succeeded,
# so a mistake in a proto file leaves the tree compiling.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One at a time: two runs in one checkout would delete each other's output.
exec 9>"$(git rev-parse --absolute-git-dir)/generate.lock"
flock 9

# Go hides a package below an "internal" folder from everything but that
# folder's neighbours, so such a go_package would compile and be of no use.
if grep -rnE 'go_package = "[^;"]*/gen/[^;"]*/internal/' proto; then
  echo 'generate: go_package must be …/gen/entente/internalv1;internalv1 (no folder named internal below gen)' >&2
  exit 1
fi

buf() { go tool -modfile=tools/buf/go.mod buf "$@"; }

go run ./tools/protodeps -out third_party/proto
buf format -w proto

fresh=$(mktemp -d third_party/fresh.XXXXXX)
trap 'rm -rf "$fresh"' EXIT
buf build -o "$fresh/image.binpb" --as-file-descriptor-set
buf generate -o "$fresh"

mkdir -p gen
rm -rf third_party/gen.old
mv gen third_party/gen.old
mv "$fresh/gen" gen
mv "$fresh/image.binpb" image.binpb
rm -rf third_party/gen.old
