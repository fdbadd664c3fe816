#!/bin/sh
# Find a Chromium for the browser tests or install one: by apt-get as root, else playwright's own.
found() {
    [ -n "$CHROMIUM" ] && [ -x "$CHROMIUM" ] && return 0
    for name in chromium-headless-shell chromium chromium-browser; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    python - 2>/dev/null <<'PY'
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not Path(playwright.chromium.executable_path).exists())
PY
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium is here: installing Debian's."
    DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1
    for package in chromium-headless-shell chromium; do  # the shell is the same engine, without a desktop's windows
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 && found && exit 0
    done
fi
echo "No Chromium is here: trying playwright's own."
python -m playwright install chromium >/dev/null 2>&1 && found && exit 0
echo "The browser tests need Chromium: run 'apt-get install chromium' as root, or 'make test BROWSER=no' without them." >&2
exit 1
