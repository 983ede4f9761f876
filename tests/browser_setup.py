"""Called by `make test`: fetch Playwright's Chromium where the machine has none."""

import subprocess
import sys

from harness.browser import find_chromium

if __name__ == "__main__":
    found = find_chromium()
    if found:
        sys.stdout.write(f"Browser tests use {found}\n")
    else:
        sys.stdout.write("No Chromium on this machine: fetching Playwright's own\n")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
