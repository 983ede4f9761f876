"""`make test-pythons` finds the promised Pythons, says which are not here, and fails where one fails."""

import sys
from pathlib import Path

from tests.pythons import ROOT, find, main, promised, version_of

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def finds(**there):
    return lambda version: there.get("py" + version.replace(".", ""))


def test_what_is_promised_is_what_the_readme_says():
    assert promised() == ["3.11", "3.12", "3.13"]
    assert "Python 3.11, 3.12 or 3.13" in (ROOT / "README.md").read_text()


def test_a_python_of_pyenv_is_found_though_it_is_not_in_the_path(tmp_path, monkeypatch):
    for patch in ("9", "10"):
        home = tmp_path / "versions" / f"{HERE}.{patch}" / "bin"
        home.mkdir(parents=True)
        (home / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find(HERE, tmp_path) == tmp_path / "versions" / f"{HERE}.10" / "bin" / "python"


def test_a_shim_with_no_python_behind_it_is_none(tmp_path, monkeypatch):
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert version_of(shim) == ""
    assert find("3.13", tmp_path / "nothing") is None


def test_those_that_are_not_here_are_named_and_are_no_failure(capsys):
    code = main(["3.11", "3.12"], "3.11", finds(), run=lambda *_: (False, ""))
    told = capsys.readouterr().out
    assert "3.12: NOT RUN: there is none on this machine" in told
    assert "3.11: the Python of .venv" in told
    assert code == 0


def test_closing_lines_are_said_again_at_the_end(capsys):
    code = main(["3.12"], "3.11", finds(py312=Path("p")), run=lambda *_: (True, "7 passed in 1s"))
    assert "3.12: 7 passed in 1s" in capsys.readouterr().out
    assert code == 0


def test_one_that_fails_fails_all_and_the_others_are_still_run(capsys):
    ran = []

    def run(version, _):
        ran.append(version)
        return version != "3.12", "closing"

    code = main(["3.12", "3.13"], "3.11", finds(py312=Path("p"), py313=Path("q")), run)
    assert ran == ["3.12", "3.13"]
    assert "3.12: FAILED: closing" in capsys.readouterr().out
    assert code == 1


def test_every_submission_is_checked_on_all_of_them():
    calls = (ROOT / ".ci" / "run").read_text().splitlines()
    assert calls.index("make test") < calls.index("make test-pythons")
