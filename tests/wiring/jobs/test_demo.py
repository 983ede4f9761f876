"""The demo as a process: alone in its home, and gone with all it started."""

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import pytest

from harness.stack import ROOT, command, new_stack

PATIENCE_S = 240


@contextmanager
def started(stack, *arguments):
    with stack.log.open("ab") as log:
        process = subprocess.Popen(
            command(*arguments), env=stack.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        for one in [*family(process), process]:
            if one.is_running() if isinstance(one, psutil.Process) else one.poll() is None:
                one.kill()
        process.wait(30)


def family(process):
    """Everything that a process has started, and what that has started; servers of PostgreSQL too."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def wait_until(holds):
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_preparing_ends_every_child(tmp_path, number):
    stack = new_stack(tmp_path / "home")
    with started(stack, "demo", "--listeners", "40") as demo:
        wait_until(lambda: len(psutil.Process(demo.pid).children()) >= 2)
        wait_until((stack.home / "postgres" / "data" / "postmaster.pid").exists)
        children = psutil.Process(demo.pid).children()
        server = postmaster(stack)
        demo.send_signal(number)
        assert demo.wait(60) == 128 + number
        assert [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
        wait_until(
            lambda: not psutil.pid_exists(server)
        )  # whoever adopted it may take a moment to collect it
    assert "Traceback" not in stack.log.read_text()


def postmaster(stack):
    return int((stack.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


@pytest.mark.slow
def test_a_second_demo_says_that_there_is_one(tmp_path):
    stack = new_stack(tmp_path / "home")
    with started(stack, "demo", "--listeners", "40") as demo:
        wait_until(lambda: len(psutil.Process(demo.pid).children()) >= 2)
        before = {path.name for path in (stack.home / "world").iterdir()}
        second = stack.earshot("demo", "--listeners", "40", check=False)
        assert second.returncode == 1
        assert second.stderr.startswith("earshot: a demo is running or being prepared in ")
        assert stack.app_url in second.stderr
        assert {path.name for path in (stack.home / "world").iterdir()} >= before
        assert demo.poll() is None


def test_a_demo_whose_model_has_an_older_format_is_prepared_anew(tmp_path):
    from wiring.jobs.demo import Recipe, _is_ready
    from wiring.settings import Settings

    config, recipe = Settings(home=tmp_path), Recipe(40, 7)
    config.model_folder.mkdir()
    made_of = {"n_listeners": 40, "seed": 7, "world_version": 6}
    (tmp_path / "demo.json").write_text(json.dumps({**made_of, "artefact_format": 4}))
    assert _is_ready(config, recipe)
    for older in (made_of, {**made_of, "artefact_format": 3}):
        (tmp_path / "demo.json").write_text(json.dumps(older))
        assert not _is_ready(config, recipe)


@pytest.mark.slow
def test_the_lock_of_a_demo_that_was_killed_is_free(tmp_path):
    """Nothing is left to be deleted by hand."""
    from wiring.jobs.demo import _only_one
    from wiring.settings import Settings

    hold = (
        "import pathlib, sys, time; from wiring.jobs.demo import _only_one\n"
        "from wiring.settings import Settings\n"
        f"with _only_one(Settings(home=pathlib.Path({str(tmp_path)!r}))):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Exception, match="a demo is running"), _only_one(Settings(home=tmp_path)):
        pass
    holder.kill()
    holder.communicate()
    with _only_one(Settings(home=tmp_path)):
        pass
