#!/bin/sh
# Runs `swarmctl drift-check` with the flags given, for cron: silent when all is well, else all that it had to say,
# after a line that tells which it is. Drift has been told by that, so it is no failure of the job; the rest is.
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT

swarmctl drift-check "$@" >"$log" 2>&1
code=$?

case $code in
  0) exit 0 ;;
  1) what='a cluster could not be checked, or the check failed' ;;
  2) what='drift was found' ;;
  64) what='a wrong flag or fleet file' ;;
  130) what='it was interrupted' ;;
  *) what='it failed' ;;
esac

echo "swarmctl drift-check in $PWD: $what (exit code $code)"
cat "$log"
[ "$code" -eq 2 ] || exit "$code"
