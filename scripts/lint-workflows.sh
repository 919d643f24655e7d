#!/usr/bin/env bash
# Lints the workflows with actionlint and zizmor, as far as they are installed; says which of them is not.
set -u
tools=${MEMORY_INSPECTOR_TESTBED:-${XDG_CACHE_HOME:-$HOME/.cache}/memory-inspector-testbed}/bin
PATH="$tools:$PATH"
status=0
if command -v actionlint >/dev/null; then
  actionlint .github/workflows/*.yml docs/workflows/*.yml && echo 'actionlint: nothing to say' || status=1
else
  echo 'actionlint: not installed, skipped (test/e2e/install.sh installs it)'
fi
if command -v zizmor >/dev/null; then
  zizmor --offline --quiet .github docs/workflows action.yml && echo 'zizmor: nothing to say' || status=1
else
  echo 'zizmor: not installed, skipped'
fi
exit "$status"
