#!/usr/bin/env bash
set -euo pipefail
rm -rf manifests
mkdir manifests
jsonnet -J vendor -m manifests platform.jsonnet
