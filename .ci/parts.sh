# Sourced by .ci/run and .ci/night: runs the parts of a check one after another,
# times each, goes on after a failure and reports everything at the end.

parts_report=()
parts_failed=0
parts_began=$SECONDS

# part NAME COMMAND… runs one part. The command runs in a subshell under
# `set -e`, so any failing line of a shell function fails the part.
part() {
  local name=$1 began=$SECONDS code verdict=ok
  shift
  printf '\n=== %s\n' "$name"
  set +e
  (
    set -e
    "$@"
  )
  code=$?
  set -e
  if ((code != 0)); then
    verdict="FAILED (exit $code)"
    parts_failed=$((parts_failed + 1))
  fi
  local line
  line=$(printf '%6d s  %-34s %s' $((SECONDS - began)) "$name" "$verdict")
  parts_report+=("$line")
  printf -- '--- %s\n' "$line"
}

# parts_end prints the seconds of every part and exits: 0 only if all passed.
parts_end() {
  printf '\n=== seconds of each part\n'
  printf '%s\n' "${parts_report[@]}"
  printf '%6d s  in all\n' $((SECONDS - parts_began))
  if ((parts_failed > 0)); then
    printf '%d part(s) FAILED\n' "$parts_failed"
    exit 1
  fi
  printf 'all parts passed\n'
}

# buf and lint run the pinned tools; the first call builds them.
buf() { go tool -modfile=tools/buf/go.mod buf "$@"; }
lint() { go tool -modfile=tools/lint/go.mod golangci-lint "$@"; }

# c_compiler provides gcc, which `go test -race` needs, and, where it can be had,
# strace, by which a test lets calls of the system fail: without it that test skips.
c_compiler() {
  command -v gcc >/dev/null || debian gcc libc6-dev
  command -v strace >/dev/null || debian strace || echo 'there is no strace; TestDamageByFailingCalls will be skipped'
  gcc --version | head -n 1
}

# debian PACKAGE… installs packages.
debian() {
  local root=()
  if ((EUID != 0)); then root=(sudo -n); fi
  "${root[@]}" timeout 240 apt-get update -qq || return 1
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "$@"
}

# existing DIR… prints ./DIR/... for each folder that holds Go files.
existing() {
  local dir
  for dir in "$@"; do
    if [[ -d $dir ]] && [[ -n $(find "$dir" -name '*.go' -print -quit) ]]; then
      printf './%s/...\n' "$dir"
    fi
  done
}

# named PATTERN PACKAGE… runs the tests whose name matches. That none matches is
# a failure: a renamed test must not turn a check into nothing.
named() {
  local pattern=$1 found
  shift
  found=$(go test "${named_flags[@]}" -list "$pattern" "$@" | grep -E '^Test' || true)
  if [[ -z $found ]]; then
    printf 'no test matches %s in %s\n' "$pattern" "$*" >&2
    return 1
  fi
  go test "${named_flags[@]}" -count=1 -v -timeout "${NAMED_TIMEOUT:-4h}" -run "$pattern" "$@"
}
named_flags=()

# fuzz_one SECONDS PACKAGE TARGET runs one target. Go's fuzzer now and then takes the
# end of its own time for a failure; where it says no more than that, and no input
# failed, the target has run as long as it should.
fuzz_one() {
  local log failed=0
  log=$(mktemp)
  go test -run '^$' -fuzz "^$3\$" -fuzztime "${1}s" -fuzzminimizetime 1s -timeout $(($1 + 600))s "$2" 2>&1 | tee "$log" || failed=1
  if ((failed)) && out_of_time "$log"; then
    echo 'its time was over, and no input failed'
    failed=0
  fi
  rm -f "$log"
  return "$failed"
}

# out_of_time LOG tells whether the fuzzer failed of nothing but its own deadline. An
# input that failed is told of before it is made smaller, which may take too long.
out_of_time() {
  local why
  why=$(awk '/^--- FAIL: / { on = 1; next } /^FAIL$/ { on = 0 } on' "$1")
  [[ $why == '    context deadline exceeded' ]] && ! grep -qi 'failing input' "$1"
}

# fuzz SECONDS runs every fuzz target of every package for that long. A target
# that fails leaves its input under testdata/fuzz, to be committed with the fix.
fuzz() {
  local seconds=$1 listing targets package target failed=0
  listing=$(go test -list '^Fuzz' ./...)
  # The names of a package come before its own "ok" line.
  targets=$(awk '/^Fuzz/ { names[++n] = $1 }
    /^ok/ { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }' <<<"$listing")
  if [[ -z $targets ]]; then
    echo 'no fuzz target was found' >&2
    return 1
  fi
  while read -r package target; do
    printf '%s %s\n' "$package" "$target"
    fuzz_one "$seconds" "$package" "$target" || failed=$((failed + 1))
  done <<<"$targets"
  printf '%d fuzz target(s), %d failed\n' "$(wc -l <<<"$targets")" "$failed"
  return $((failed > 0))
}
