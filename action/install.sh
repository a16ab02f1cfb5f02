#!/usr/bin/env bash
# Puts one exact version of gatewright beside the job, never the project's own: where a token is, nothing that a pull
# request could have changed may run. For the same reason npm runs outside of the checkout and runs no scripts.
set -euo pipefail

version="${GATEWRIGHT_VERSION:-}"
if [[ -z $version ]]; then
  version="$(node -p 'require(process.argv[1]).version' "$GITHUB_ACTION_PATH/package.json")"
fi
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
  echo '::error title=gatewright::version has to be exact, such as 1.2.3'
  exit 1
fi

home="$RUNNER_TEMP/gatewright-$version"
program="$home/node_modules/gatewright/dist/bin/gatewright.js"
if [[ ! -e $program ]]; then
  mkdir -p "$home"
  cd "$home"
  npm install --prefix "$home" --ignore-scripts --no-audit --no-fund --save-exact --loglevel=error "gatewright@$version"
fi
echo "program=$program" >>"$GITHUB_OUTPUT"
