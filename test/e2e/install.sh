#!/usr/bin/env bash
# Installs what the end-to-end tests and the benchmark run against: a real
# Kubernetes API server, a real Prometheus, act, helm, Chromium.
#
#   test/e2e/install.sh          installs what is missing, one line a part
#   test/e2e/install.sh --bin    prints the folder of the programs and ends
#
# Needs Debian (apt), Node and Go. Everything but the apt packages goes below
# ${MEMORY_INSPECTOR_TESTBED:-${XDG_CACHE_HOME:-~/.cache}/memory-inspector-testbed};
# a second run finds its parts there and takes a second.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${MEMORY_INSPECTOR_TESTBED:-${XDG_CACHE_HOME:-$HOME/.cache}/memory-inspector-testbed}
bin=$cache/bin
logs=$cache/logs
if [ "${1:-}" = --bin ]; then
  echo "$bin"
  exit 0
fi
mkdir -p "$bin" "$logs" "$cache/installed"

kubernetes=v1.34.4
kwok=v0.8.0
helm=v3.19.0
act=v0.2.89
actionlint=v1.7.12
operator=v0.85.0
zizmor=1.32.0

# say PART TEXT: the one line of a part.
say() { printf '%-28s %s\n' "$1" "$2"; }

# part NAME VERSION COMMAND…: runs COMMAND unless this VERSION is there already.
part() {
  local name=$1 version=$2 began=$SECONDS stamp log
  shift 2
  stamp=$cache/installed/$name
  log=$logs/$name.log
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$version" ]; then
    say "$name $version" "there"
    return 0
  fi
  # In a subshell of its own: inside an "if", bash would ignore errexit.
  set +e
  (set -e; "$@") >"$log" 2>&1
  local code=$?
  set -e
  if [ "$code" -eq 0 ]; then
    echo "$version" >"$stamp"
    say "$name $version" "installed in $((SECONDS - began)) s"
    return 0
  fi
  say "$name $version" "FAILED, see $log"
  tail -n 5 "$log" | sed 's/^/    /'
  return 1
}

# optional NAME VERSION COMMAND…: as part, but the tests can do without it.
optional() { part "$@" || say "$1" "goes on without it"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Its services are stopped: the testbed starts these programs by itself.
apt_install() {
  local package
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 \
    install -y -qq --no-install-recommends "$@"
  for package in prometheus victoria-metrics; do
    if command -v systemctl >/dev/null && systemctl is-active --quiet "$package"; then
      as_root systemctl disable --now "$package"
    elif command -v service >/dev/null; then
      as_root service "$package" stop || true
    fi
  done
}

# apt_retry PACKAGE…: three attempts, since lists and locks come and go.
apt_retry() {
  apt_install "$@" || { sleep 10; apt_install "$@"; } || { sleep 30; apt_install "$@"; }
}

go_install() { GOBIN=$bin GOFLAGS=-trimpath go install -ldflags='-s -w' "$@"; }

build_kubernetes() {
  local stamp="-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes"
  stamp+=" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=34"
  (cd "$here/go/kube" && go build -trimpath -ldflags="$stamp" -o "$bin/" "$@")
}

# Beside the machine's own: newer ones read a configuration from the home directory.
build_newer_kubectl() {
  mkdir -p "$cache/newer"
  bin=$cache/newer build_kubernetes k8s.io/kubernetes/cmd/kubectl
}

# The definitions of the Prometheus Operator's resources, out of its module.
copy_operator_crds() {
  local module=github.com/prometheus-operator/prometheus-operator folder
  folder=$(cd "$cache" && go mod download -json "$module@$operator" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  rm -rf "$cache/operator-crds"
  mkdir -p "$cache/operator-crds"
  cp "$folder"/example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,podmonitors,prometheuses,prometheusagents,scrapeconfigs}.yaml \
    "$cache/operator-crds/"
  chmod -R u+w "$cache/operator-crds"
}

build_history() { (cd "$here/go/history" && go build -trimpath -ldflags='-s -w' -o "$bin/history" .); }

build_etcd() { (cd "$here/go/etcd" && go build -trimpath -ldflags='-s -w' -o "$bin/etcd" .); }

pip_zizmor() {
  python3 -m venv "$cache/zizmor"
  "$cache/zizmor/bin/pip" install --quiet zizmor==$zizmor
  ln -sf "$cache/zizmor/bin/zizmor" "$bin/zizmor"
}

for program in node go; do
  command -v "$program" >/dev/null || { echo "install.sh needs $program on the PATH" >&2; exit 1; }
done

failed=0
part apt-prometheus debian apt_retry prometheus || failed=1
part apt-chromium debian apt_retry chromium fonts-dejavu-core fonts-liberation fonts-noto-color-emoji || failed=1
optional apt-xmllint debian apt_retry libxml2-utils
optional apt-victoria-metrics debian apt_retry victoria-metrics
part etcd v3.6.7 build_etcd || failed=1
part history "$(cksum <"$here/go/history/main.go" | cut -d' ' -f1)" build_history || failed=1
part kwok $kwok go_install sigs.k8s.io/kwok/cmd/{kwok,kwokctl}@$kwok || failed=1
part kubernetes $kubernetes build_kubernetes \
  k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler} || failed=1
if PATH=${PATH//"$bin:"/} command -v kubectl >/dev/null; then
  say kubectl "the machine's own"
else
  part kubectl $kubernetes build_kubernetes k8s.io/kubernetes/cmd/kubectl || failed=1
fi
part kubectl-newer $kubernetes build_newer_kubectl || failed=1
part operator-crds $operator copy_operator_crds || failed=1
part act $act go_install github.com/nektos/act@$act || failed=1
part helm $helm go_install helm.sh/helm/v3/cmd/helm@$helm || failed=1
part actionlint $actionlint go_install github.com/rhysd/actionlint/cmd/actionlint@$actionlint || failed=1
optional zizmor $zizmor pip_zizmor
exit $failed
