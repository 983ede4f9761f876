"""Servers and libraries write nothing below INFO, whatever their loggers are set to."""

import asyncio
import logging

import pytest

LOUD = ("", "uvicorn.error", "uvicorn.asgi", "websockets.server", "python_multipart", "urllib3", "sqlalchemy")


@pytest.fixture
def written():
    """What reaches a log that takes everything."""
    lines, before = [], {name: logging.getLogger(name).level for name in LOUD}

    class Everything(logging.Handler):
        def emit(self, record):
            lines.append(record.getMessage())

    handler, disabled = Everything(level=1), logging.root.manager.disable
    for name in LOUD:
        logging.getLogger(name).setLevel(1)
    logging.getLogger().addHandler(handler)
    logging.disable(logging.NOTSET)
    yield lines
    logging.getLogger().removeHandler(handler)
    logging.disable(disabled)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def shout():
    for name in LOUD:
        for level in (5, logging.DEBUG):
            logging.getLogger(name).log(level, "Cookie: secret")


def test_the_command_line_writes_nothing_below_info(earshot, written):
    earshot("--help")
    shout()
    assert [line for line in written if "secret" in line] == []


def test_the_app_under_any_server_writes_nothing_below_info(written, monkeypatch):
    import app

    monkeypatch.setattr(app, "DailyPurge", lambda _: Purge())
    monkeypatch.setattr(app, "close_application", lambda: None)

    async def run():
        async with app.lifespan(None):
            shout()
            logging.getLogger("uvicorn.access").warning("GET /callback?code=secret")

    asyncio.run(run())
    assert [line for line in written if "secret" in line] == []


class Purge:
    def start(self):
        """Not here."""

    stop = start
