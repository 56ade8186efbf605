#!/usr/bin/env bash
# The benchmarks of this build against those of another, in alternation: `./dev bench --vs`.
#
# Machines drift by more than most changes are worth, so that only pairs of runs that were made one
# right after the other compare. Each repetition is a process of its own, in the order ABBA.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)
readonly ROOT
readonly OURS=${BUILD:-$ROOT/build}
REPETITIONS=7

usage() {
  cat <<'USAGE'
Usage: ./dev bench --vs COMMIT|BUILD_DIR [--repetitions N] [FILTER]

Runs the micro and macro benchmarks that match FILTER (a regular expression; all without it) of this
build and of another, N times each in the order ABBA (at least 7, the default), and prints medians,
spread, ratio and the p-value of a rank test. A COMMIT is built under build/vs/.
USAGE
}

say() { printf 'bench: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 64
}

# build_of COMMIT|BUILD_DIR: prints the folder of a build.
build_of() {
  if [[ -d $1/bench ]]; then
    realpath "$1"
    return
  fi
  local commit folder
  commit=$(git -C "$ROOT" rev-parse --verify --quiet "$1^{commit}") ||
    die "'$1' is neither a commit nor the folder of a build with benchmarks"
  folder=$ROOT/build/vs/${commit:0:12}
  [[ -d $folder/source ]] ||
    git -C "$ROOT" worktree add --quiet --detach "$folder/source" "$commit" >&2
  say "building ${commit:0:12}"
  mkdir -p "$folder/build"
  (
    cd "$folder/source"
    cmake --preset release -B "$folder/build" -DHALDANE_TESTS=OFF -DHALDANE_BENCH=ON
    cmake --build "$folder/build" --parallel "${JOBS:-1}" --target bench_micro bench_macro
  ) >"$folder/log" 2>&1 || die "building ${commit:0:12} failed; its output is in $folder/log"
  echo "$folder/build"
}

# run BUILD RESULTS REPETITION
run() {
  local program
  for program in micro macro; do
    "$1/bench/$program/bench_$program" --benchmark_filter="$FILTER" --benchmark_min_time=0.1 \
      --benchmark_out="$2/$program-$3.json" --benchmark_out_format=json >/dev/null 2>&1 || true
  done
}

main() {
  [[ ${1:-} == --vs && -n ${2:-} ]] || {
    usage >&2
    exit 64
  }
  local other results i
  other=$(build_of "$2")
  shift 2
  if [[ ${1:-} == --repetitions ]]; then
    [[ ${2:-} =~ ^[0-9]+$ ]] || die "--repetitions must be a number"
    REPETITIONS=$2
    ((REPETITIONS >= 7)) || die "fewer than 7 repetitions cannot tell a difference from noise"
    shift 2
  fi
  FILTER=${1:-.}
  results=$(mktemp -d)
  # shellcheck disable=SC2064  # the folder of now
  trap "rm -rf '$results'" EXIT
  mkdir "$results/ours" "$results/theirs"
  for ((i = 1; i <= REPETITIONS; i++)); do
    say "repetition $i of $REPETITIONS"
    if ((i % 2)); then
      run "$OURS" "$results/ours" "$i"
      run "$other" "$results/theirs" "$i"
    else
      run "$other" "$results/theirs" "$i"
      run "$OURS" "$results/ours" "$i"
    fi
  done
  # A program without a benchmark of this name leaves an empty file.
  find "$results" -empty -delete
  "$OURS/bench/compare/compare_runs" "$results/ours" "$results/theirs"
}

main "$@"
