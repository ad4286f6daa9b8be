#!/usr/bin/env bash
# The programs that the tests drive and that pip cannot install: a browser, a proxy, PostgreSQL and curl. Installs only what is
# missing.
set -euo pipefail

missing=()
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/opt/homebrew/sbin/$1" ]; }
have chromium || [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
have curl || missing+=(curl)
have squid || missing+=(squid)
have pg_ctl || compgen -G "/usr/lib/postgresql/*/bin/pg_ctl" >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

echo "The tests need ${missing[*]}: installing." >&2
if command -v apt-get >/dev/null 2>&1; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { echo "Run as root: apt-get install ${missing[*]}" >&2; exit 1; }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    # The packages of squid and PostgreSQL start services that nobody needs here; policy-rc.d would be the system's to set.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif command -v brew >/dev/null 2>&1; then
    brew install "${missing[@]}"
else
    echo "Install ${missing[*]} with this system's package manager, then run make test again." >&2
    exit 1
fi
