#!/bin/sh
# Installs what the site is checked with, as far as it can be had here. Nothing of it is required:
# a check whose tool is missing says that it was not run. All but Chromium, which is the system's
# own, is of a locked version and proved by its hash.
# usage: install.sh BIN   BIN: the folder of the virtualenv
set -u
cd "$(dirname "$0")"
BIN=$1

if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium) >/dev/null ||
            echo "Chromium could not be installed: what needs a browser will not be checked."
    else
        echo "No Chromium, and no right to install it: what needs a browser will not be checked."
    fi
fi
# Playwright, Node.js, Java and lychee come as Python packages: the same on every machine.
"$BIN/python" -m pip install --quiet --require-hashes --requirement ../../.ci/requirements-site.txt ||
    echo "Playwright, Node.js, Java and lychee could not be installed: their checks will not be run."
# A store of the S3 kind, in an environment of its own: what it needs is not what we need.
{ "$BIN/python" -m venv "$BIN/../store" && "$BIN/../store/bin/python" -m pip install --quiet \
    --require-hashes --requirement ../../.ci/requirements-store.txt; } ||
    echo "A store could not be installed: publishing to one that others wrote will not be checked."
if [ -x "$BIN/node" ] && ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    PATH="$BIN:$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
        echo "npm's packages could not be installed: their checks will not be run."
fi
