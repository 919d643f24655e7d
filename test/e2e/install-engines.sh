#!/usr/bin/env bash
# Builds the engines that large users run, for test/prometheus/engines.test.ts
# and sources.test.ts: Prometheus 3, Thanos, Cortex. They are left out of CI's
# default run, because each takes minutes; the tests skip what is missing.
#
#   test/e2e/install-engines.sh          builds what is missing, one line each
#   PATH="$(bash test/e2e/install.sh --bin):$PATH" npx vitest run test/prometheus
#
# Needs Go. The programs go where install.sh puts its own.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(bash "$here/install.sh" --bin)
cache=$(dirname "$bin")
mkdir -p "$bin" "$cache/logs" "$cache/installed"
command -v go >/dev/null || { echo "install-engines.sh needs go on the PATH" >&2; exit 1; }

prometheus=v0.316.0
thanos=v0.36.1 # later ones need a module that the proxy does not give out
cortex=v1.20.0

# engine NAME VERSION COMMAND…: runs COMMAND unless this VERSION is there already.
engine() {
  local name=$1 version=$2 began=$SECONDS
  local stamp=$cache/installed/$name log=$cache/logs/$name.log
  shift 2
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$version" ]; then
    printf '%-28s there\n' "$name $version"
  elif "$@" >"$log" 2>&1; then
    echo "$version" >"$stamp"
    printf '%-28s built in %s s\n' "$name $version" $((SECONDS - began))
  else
    printf '%-28s FAILED, see %s\n' "$name $version" "$log"
    failed=1
  fi
}

build_prometheus() {
  local into=$cache/prometheus3
  GOBIN=$into GOFLAGS=-trimpath go install -ldflags='-s -w' \
    "github.com/prometheus/prometheus/cmd/prometheus@$prometheus" \
    "github.com/prometheus/prometheus/cmd/promtool@$prometheus" &&
    ln -sf "$into/prometheus" "$bin/prometheus3" &&
    ln -sf "$into/promtool" "$bin/promtool3"
}

# build NAME PACKAGE [FLAG…]: in a module of its own, with the replacements that a
# plain "go install" would refuse.
build() {
  local name=$1 package=$2
  shift 2
  (cd "$here/go/$name" && go build -mod=mod -trimpath -ldflags='-s -w' "$@" -o "$bin/$name" "$package")
}

failed=0
engine prometheus3 $prometheus build_prometheus
engine thanos $thanos build thanos github.com/thanos-io/thanos/cmd/thanos
engine cortex $cortex build cortex github.com/cortexproject/cortex/cmd/cortex -tags slicelabels
exit $failed
