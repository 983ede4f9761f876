"""`make screenshots`: every screen, at both widths, light and dark, as PNG into the folder screenshots/.

`python -m tests.e2e.pictures readme` takes those that the README shows instead, small enough to be kept.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from harness.browser import ARGUMENTS, find_chromium
from harness.stack import new_stack, server
from tests.e2e.conftest import N_LISTENERS, LocalSpotify
from tests.e2e.registry import SCREENS, signed_in_state, views

HIGHEST = 5200
"""Pixels of a picture; a list of twenty cards is much longer, and all of them look the same."""
FOLDER = Path(__file__).parents[2] / "screenshots"
README_FOLDER = FOLDER.parent / "docs" / "pictures"
README_SCREENS = {"matches": "matches", "match-connected": "match", "map": "map"}
"""By the name of a screen, that of the picture."""
README_SIZE = {1120: 1180}
N_COLOURS = 96


def main(names):
    """Take the pictures of these screens, of all when there are none."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="earshot-") as folder:
        stack = new_stack(Path(folder))
        demo = ("demo", "--listeners", str(N_LISTENERS))
        with server(stack, *demo, ready=stack.app_url + "/healthz"), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
            if names == ["readme"]:
                take_for_readme(browser, stack)
            else:
                take(browser, stack, [one for one in SCREENS if not names or one.name in names])
            browser.close()


def take_for_readme(browser, stack):
    README_FOLDER.mkdir(exist_ok=True)
    spotify, state = LocalSpotify(stack.emulator_url), signed_in_state(browser, stack)
    for screen in (one for one in SCREENS if one.name in README_SCREENS):
        for _, _, page in views(browser, stack, spotify, screen, state, README_SIZE, ["light"]):
            page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
            page.mouse.move(0, 0)
            page.wait_for_timeout(500)
            taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            small = taken.quantize(N_COLOURS, dither=Image.Dither.NONE)
            small.save(README_FOLDER / f"{README_SCREENS[screen.name]}.png", optimize=True)


def take(browser, stack, screens):
    spotify, state = LocalSpotify(stack.emulator_url), signed_in_state(browser, stack)
    for screen in screens:
        for width, scheme, page in views(browser, stack, spotify, screen, state):
            path = FOLDER / f"{screen.name}-{width}-{scheme}.png"
            show_all(page, width)
            page.screenshot(path=path, full_page=True)
            sys.stdout.write(f"{path.relative_to(FOLDER.parent)}\n")


def show_all(page, width):
    """Make the window as high as the page, which Streamlit scrolls inside itself."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0")
    if height:
        page.set_viewport_size({"width": width, "height": min(height, HIGHEST)})
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
        page.wait_for_timeout(300)


if __name__ == "__main__":
    main(sys.argv[1:])
