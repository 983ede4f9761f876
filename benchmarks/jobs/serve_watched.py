"""`earshot serve`, which writes down every address outside this machine that it looks up or connects to.

python -m benchmarks.jobs.serve_watched FILE
"""

import ipaddress
import sys
from pathlib import Path
from typing import Any

from wiring.jobs.serving import serve_app

_SENDING = frozenset({"socket.connect", "socket.sendto"})
_NAMES = frozenset({"localhost", "", None})


def watch(file: Path) -> None:
    """Write down, from now on, every look-up and connection of Python's that leaves this machine."""

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.getaddrinfo" and _is_outside(arguments[0]):
            _note(file, f"look-up of {arguments[0]!r}")
        elif event in _SENDING and isinstance(arguments[-1], tuple) and _is_outside(arguments[-1][0]):
            _note(file, f"connection to {arguments[-1][0]!r}")

    sys.addaudithook(audit)


def _is_outside(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in _NAMES:
        return False
    try:
        return not ipaddress.ip_address(name).is_loopback
    except ValueError:
        return True


def _note(file: Path, line: str) -> None:
    with file.open("a") as log:
        log.write(line + "\n")


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    serve_app()
