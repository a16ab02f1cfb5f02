#!/usr/bin/env bash
# One command of gatewright, from variables. What writes or only prints takes this process over, so that it hears when the
# job is cancelled; plan and drift leave a report, and their exit code to whoever publishes it first.
set -euo pipefail

words=("$GATEWRIGHT_COMMAND" -C "$GATEWRIGHT_DIRECTORY")
# A path is meant from where the job is, not from the project.
absolute() { if [[ $1 == /* ]]; then echo "$1"; else echo "$PWD/$1"; fi; }
with() { if [[ -n $2 ]]; then words+=("$1" "$2"); fi; }
file() { if [[ -n $2 ]]; then words+=("$1" "$(absolute "$2")"); fi; }
lines() {
  while IFS= read -r line; do
    if [[ -n ${line//[[:space:]]/} ]]; then words+=(${2:+"$2"} "$line"); fi
  done <<<"$1"
}
gatewright() { exec node "$GATEWRIGHT_PROGRAM" "$@"; }

case "$GATEWRIGHT_COMMAND" in
validate)
  with --target "$GATEWRIGHT_TARGET"
  lines "$GATEWRIGHT_ARGUMENTS" ''
  gatewright "${words[@]}" --format github
  ;;
synth)
  with --target "$GATEWRIGHT_TARGET"
  lines "$GATEWRIGHT_ARGUMENTS" ''
  if [[ -z $GATEWRIGHT_OUT ]]; then gatewright "${words[@]}"; fi
  mkdir -p "$(dirname "$GATEWRIGHT_OUT")"
  gatewright "${words[@]}" >"$GATEWRIGHT_OUT"
  ;;
apply)
  # A saved plan says target, digest and allowances itself.
  if [[ -n $GATEWRIGHT_PLAN ]]; then
    words+=("$(absolute "$GATEWRIGHT_PLAN")")
  else
    with --target "$GATEWRIGHT_TARGET"
    with --expect-digest "$GATEWRIGHT_EXPECT_DIGEST"
    lines "$GATEWRIGHT_ALLOW" --allow
    words+=(--yes)
  fi
  lines "$GATEWRIGHT_ARGUMENTS" ''
  gatewright "${words[@]}"
  ;;
plan | drift) ;;
*)
  echo '::error title=gatewright::command has to be validate, synth, plan, apply or drift'
  exit 1
  ;;
esac

# The project may be new, and what is checked out the commit before it.
if [[ -n $GATEWRIGHT_DESIRED ]]; then mkdir -p "$GATEWRIGHT_DIRECTORY"; fi
with --target "$GATEWRIGHT_TARGET"
with --base "$GATEWRIGHT_BASE"
file --desired "$GATEWRIGHT_DESIRED"
if [[ $GATEWRIGHT_COMMAND == plan ]]; then
  file --out "$GATEWRIGHT_OUT"
  words+=(--detailed-exitcode)
fi
lines "$GATEWRIGHT_ALLOW" --allow
lines "$GATEWRIGHT_ARGUMENTS" ''
report="$(mktemp -d "$RUNNER_TEMP/gatewright.XXXXXX")/report"

code=0
(gatewright "${words[@]}" --format "$GATEWRIGHT_FORMAT") >"$report" || code=$?
# What is printed may begin a line with a command to the runner.
stop="$(node -p 'require("node:crypto").randomUUID()')"
echo "::stop-commands::$stop"
cat "$report"
echo "::$stop::"
{
  echo "code=$code"
  echo "report=$report"
  if [[ $GATEWRIGHT_COMMAND == plan && -n $GATEWRIGHT_OUT && -e $GATEWRIGHT_OUT ]]; then
    node -e '
      const { changes, digest } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
      console.log(`changes=${changes.length}\ndigest=${/^[0-9a-f]{64}$/.test(digest) ? digest : ""}`);
    ' "$GATEWRIGHT_OUT"
  fi
} >>"$GITHUB_OUTPUT"
