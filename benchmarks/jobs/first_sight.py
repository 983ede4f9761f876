"""Time until something is seen on a slow network, and what was fetched until then."""

import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from benchmarks.app_process import serving
from benchmarks.jobs.pages import chromium
from benchmarks.plain import plain_server
from harness.pages import sign_in, wait_for_matches
from harness.stack import new_stack

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
"""Latency in ms and bytes a second, as in Chrome's network panel: 1.6 Mbit/s."""
TELEPHONE = {"width": 390, "height": 844}
PLAIN = "Streamlit: ten cards of its own elements"


def answer(request: dict[str, Any]) -> dict[str, dict[str, list[float]]]:
    stack = new_stack(Path(request["home"]))
    with serving(stack, request["n_listeners"]), plain_server() as plain, chromium() as browser:
        state = _signed_in(browser, stack.app_url)
        looks: list[tuple[str, str, str, dict[str, Any]]] = [
            ("Earshot: landing page", stack.app_url, "h1", {}),
            ("Earshot: bar and shapes", stack.app_url, "#first-sight", {"storage_state": state}),
            (request["matches"], stack.app_url, ".es-card", {"storage_state": state}),
            (PLAIN, f"{plain}/?cards=10", "h3", {}),
        ]
        found: dict[str, dict[str, list[float]]] = {name: {} for name, *_ in looks}
        for _ in range(request["repeats"]):  # taking turns, as the machine's speed changes
            for name, address, seen, options in looks:
                for measure, value in first_sight(browser, address, seen, options).items():
                    found[name].setdefault(measure, []).append(value)
    return found


def first_sight(browser: Browser, address: str, seen: str, options: dict[str, Any]) -> dict[str, float]:
    """Milliseconds until an element is seen, with requests and kilobytes until then."""
    context = browser.new_context(viewport=TELEPHONE, **options)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    requests: list[str] = []
    fetched: list[float] = []
    network.on("Network.requestWillBeSent", lambda event: requests.append(event["requestId"]))
    network.on("Network.dataReceived", lambda event: fetched.append(event["encodedDataLength"]))
    started_s = time.perf_counter()
    page.goto(address, wait_until="commit")
    expect(page.locator(seen).first).to_be_visible(timeout=60_000)
    took_ms = 1_000 * (time.perf_counter() - started_s)
    told = {"time, ms": took_ms, "requests": float(len(requests)), "fetched, kB": sum(fetched) / 1_000}
    context.close()
    return told


def _signed_in(browser: Browser, address: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    sign_in(page, "syn-0001")
    wait_for_matches(page)
    state = context.storage_state()
    context.close()
    return state
