#!/bin/sh
# Makes sure the two system programs of the tests are there: a Chromium and redis-server.
# Installs them with apt when run as root on Debian or Ubuntu; otherwise says in one line what is missing.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
  || [ -n "${QUILLGATE_CHROMIUM:-}" ] || missing="$missing chromium"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing with apt-get ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  # Debian starts redis-server by itself; the tests start their own.
  if command -v service >/dev/null 2>&1; then service redis-server stop >/dev/null 2>&1 || true; fi
  exit 0
fi
echo "The tests need$missing: install with your system's package manager (Debian: sudo apt-get install$missing), then run again." >&2
exit 1
