"""Process that refreshes until it is killed, and prints acknowledged calls.

python -m benchmarks.refresher ACCOUNT…     settings come from the environment, as for `earshot serve`

It prints `signed LISTENER` for each account, `ready` once all have looked for matches, `read LISTENER DIGEST`
after each refresh, and `error CLASS` for each error of a caller.
"""

import logging
import sys
import threading
import time
from functools import partial
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests

from matcher.errors import EarshotError, NotSynced
from storage.stores.listeners.profiles import content_of
from wiring.bootstrap import Application, build
from wiring.settings import read_settings

_lock = threading.Lock()
_PAUSE_S = 0.2


def say(*words: str) -> None:
    """Print a whole line, unbuffered."""
    with _lock:
        print(*words, flush=True)


def sign_in(app: Application, account: str) -> str:
    """Sign in by the consent page of the local Spotify; the listener's id."""
    pending, address = app.login.begin("browser")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    place = app.settings.emulator_url + "/authorize"
    answer = requests.post(place, data=query | {"listener_id": account}, allow_redirects=False, timeout=10)
    code = dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]
    grant = app.login.finish(code, pending)
    listener = app.service.connect_listener(app.login.account(grant)).listener_id
    app.grants.keep(listener, grant)
    return listener


def live(app: Application, account: str, listener: str) -> None:
    """Save an album at Spotify and refresh, in an endless loop."""
    while True:
        try:
            place = f"{app.settings.emulator_url}/_emulator/listeners/{account}/add-album"
            requests.post(place, json={}, timeout=10)
            found = app.service.refresh_listener(listener, app.listening)
            say("read", listener, content_of(found.profile)[1])
        except EarshotError as error:
            say("error", type(error).__name__)
            time.sleep(_PAUSE_S)


def main(accounts: list[str]) -> None:
    """Sign all accounts in, look at their matches, and refresh in a thread each."""
    logging.basicConfig(level=logging.WARNING)
    app = build(read_settings())
    listeners = {one: sign_in(app, one) for one in accounts}
    for listener in listeners.values():
        say("signed", listener)
        try:
            app.service.find_matches(listener)
        except NotSynced:
            continue  # the first time of all
    say("ready")
    lives = [threading.Thread(target=partial(live, app, *one)) for one in listeners.items()]
    for one in lives:
        one.start()
    for one in lives:
        one.join()


if __name__ == "__main__":
    main(sys.argv[1:])
