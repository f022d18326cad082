#!/usr/bin/env bash
# Makes the virtual environment. Debian keeps `ensurepip` in a package of its own: install it when that is possible,
# else say what to type. Not for: the packages inside; the Makefile installs them from the lock files.
set -euo pipefail
venv=$1
python=""
for candidate in python3 python3.13 python3.12 python3.11; do  # a name may be there and still not run (version managers)
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "Cần Python 3.11 trở lên. / Python 3.11 or newer is needed." >&2; exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y "python$version-venv") >/dev/null
  else
    echo "Thiếu gói python$version-venv. Chạy: sudo apt install python$version-venv, rồi gõ lại lệnh." >&2; exit 1
  fi
fi
"$python" -m venv "$venv"
