#!/usr/bin/env bash
# Measures confab beside the servers that it is compared with, and prints one table of medians.
#
#   usage: bench/compare.sh [--quick] [--keep FILE]
#
#   --quick       one round in place of three, and the rows of small sizes only: some minutes
#   --keep FILE   keeps the raw results there (JSON lines); `deno run --allow-read
#                 bench/compare_table.ts FILE` makes the table of them again
#
# The servers and the load generator are not part of this project: PEERS_DIR (default ../shared/peers
# beside the checkout) holds run-peers.sh, which builds and runs them. DENO (default deno) runs confab,
# with the flags of CONFAB_V8_FLAGS where they are set. Nothing else should run meanwhile.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
peers=${PEERS_DIR:-$root/../shared/peers}
deno=${DENO:-deno}
rounds=3 keep='' quick=''

usage() {
  sed -n '2,/^set /p' "$0" | sed '$d;s/^# \{0,1\}//'
  exit "$1"
}

fail() {
  echo "compare: $1" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
  --quick) quick=1 rounds=1 ;;
  --keep)
    [ $# -gt 1 ] || fail "--keep needs a file"
    keep=$2
    shift
    ;;
  -h | --help) usage 0 ;;
  *) usage 2 >&2 ;;
  esac
  shift
done

# ---- What must be there ----
[ -x "$peers/run-peers.sh" ] ||
  fail "there is no run-peers.sh in $peers: set PEERS_DIR to the directory that has it"
for tool in cc openssl python3 "$deno"; do
  command -v "$tool" >/dev/null || fail "$tool is needed, and is not installed"
done

ngircd=${NGIRCD_ROOT:-$HOME/.cache/chat-peers/ngircd}/usr/sbin/ngircd
plain=(floor) tls=() missing=()
if PATH=$PATH:/usr/sbin:/sbin command -v inspircd >/dev/null; then
  plain+=(inspircd) tls+=(inspircd-tls)
else
  missing+=(inspircd)
fi
if [ -x "$ngircd" ]; then
  plain+=(ngircd) tls+=(ngircd-tls)
else
  missing+=(ngircd)
fi
[ ${#missing[@]} -eq 0 ] ||
  echo "compare: not installed, and not in the table: ${missing[*]} (see install-peers.sh there)" >&2

# The server has a file open for each connection, and so has the generator.
open_files=$(ulimit -Hn)
sizes=(1000 5000)
[ -n "$quick" ] && sizes=(1000)
if [ -z "$quick" ] && { [ "$open_files" = unlimited ] || [ "$open_files" -ge 10300 ]; }; then
  sizes+=(10000)
fi
idle=$(IFS=,; echo "${sizes[*]}")

# ---- Runs ----
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=${keep:-$work/results.jsonl}
: >"$results"

v8=${CONFAB_V8_FLAGS:+--v8-flags=$CONFAB_V8_FLAGS}
serve="$deno run --no-prompt --allow-all --no-check $v8 $root/main.ts serve --rate 0 --per-address 0 \
--max-connections 20000 --log-level error --data \$PEER_DATA"
sealed="confab confab 18511 $serve --port 18511"
unsealed="confab-plain json 18512 $serve --port 18512"

began=$SECONDS
kept=.
# run SETTING=VALUE ... -- NAMES AND OPTIONS OF run-peers.sh: adds the results that match $kept to
# all others.
run() {
  local settings=()
  while [ "$1" != -- ]; do
    settings+=("$1")
    shift
  done
  shift
  local left=$((LIMIT_SECONDS - (SECONDS - began)))
  [ "$left" -gt 15 ] || {
    echo "compare: no time is left for: $*" >&2
    return 0
  }
  : >"$work/part.jsonl"
  # A server that fails is in the results; the others go on.
  env REPEATS=1 LIMIT="$left" OUT="$work/part.jsonl" "${settings[@]}" \
    "$peers/run-peers.sh" "$@" >"$work/log" 2>"$work/faults" || true
  grep -v '^$' "$work/faults" >&2 || true
  grep -E '^(skipped|did not start)' "$work/log" >&2 || true
  grep -e "$kept" "$work/part.jsonl" | sed "s/\"round\":1,/\"round\":$round,/" >>"$results" || true
}

LIMIT_SECONDS=570
seconds=2
[ -n "$quick" ] && seconds=1
less=(LIGHT=2:1:1 IDLE=50 ACKED= SPEAK=)
confab=(--extra "$sealed" --extra "$unsealed")
for ((round = 1; round <= rounds; round++)); do
  echo "compare: round $round of $rounds, $((SECONDS - began)) s so far" >&2
  # What takes long and moves little is measured once.
  connections=$idle speak=1000
  [ "$round" = 1 ] || connections=1000 speak=''
  run RUNS="100:1 500:64 1000:1 500:1:1:1" SECS=$seconds IDLE="$connections" SPEAK="$speak" \
    -- "${confab[@]}" "${plain[@]}"
  [ ${#tls[@]} -eq 0 ] || run TLS_RUNS="500:64" SECS=$seconds IDLE=1000 -- "${tls[@]}"
  # The least that the two wires cost.
  run RUNS="100:1 500:64 1000:1" SECS=$seconds -- floor-confab-turn floor-json-turn
  # A hundred rooms beside one, each with one message at a time, and nothing else of that.
  kept='"work":"[0-9]'
  [ "$round" != 1 ] || [ "${sizes[-1]}" -lt 10000 ] ||
    run RUNS="100:1:1:1 10000:100:100:1" SECS=$seconds "${less[@]}" \
      -- "${confab[@]}" floor-json floor-confab
  kept=.
done

"$deno" run --no-prompt --allow-read="$results" "$root/bench/compare_table.ts" "$results"
echo
echo "$(nproc) processors, Linux $(uname -r), Deno $("$deno" eval 'console.log(Deno.version.deno)'), $rounds rounds, $((SECONDS - began)) s"
