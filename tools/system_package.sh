#!/usr/bin/env bash
# system_package.sh COMMAND PACKAGE...: when COMMAND is missing, install PACKAGEs with the system's package manager
# if this user may. Never fails: whoever needs COMMAND says what did not run, or fails under CI.
command -v "$1" >/dev/null && exit 0
shift
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing $* ..." >&2
  (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@") >/dev/null 2>&1 || true
fi
exit 0
