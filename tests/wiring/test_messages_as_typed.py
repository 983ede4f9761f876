"""What the command line prints about what somebody typed stands there as they typed it."""

import pytest

ODD = "[red]no[/red] [/] [link=x] such.csv"


@pytest.mark.parametrize(
    "arguments",
    [
        ("embed", "--model", ODD, "--listening", "HERE", "--out", f"{ODD}/x.parquet"),
        ("import", ODD),
        ("train", "--listening", ODD, "--out", "model"),
        ("feedback", "--out", ODD + ".txt"),
        ("emulator", "--world", ODD),
    ],
)
def test_markup_in_a_path_is_text(earshot, files, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "[red]no[").write_text("")  # so that nothing can be written below it
    given = [files / "queries.csv" if one == "HERE" else one for one in arguments]
    code, out, err = earshot(*given)
    assert code in (1, 2)
    assert "[link=x] such.csv" in out + err or "[red]no[" in out + err
    assert "Traceback" not in out + err


def test_a_long_sentence_is_not_broken_into_lines(earshot, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    from wiring.cli.app import _say

    _say("word " * 60)
    assert capsys.readouterr().err.strip().count("\n") == 0


def test_a_disk_that_refuses_is_one_sentence(earshot, monkeypatch):
    from wiring.cli import app

    def full(*_):
        raise OSError(28, "No space left on device", "/var/x")

    monkeypatch.setattr(app, "cli", lambda **_: full())
    code, _, err = earshot("doctor")
    assert code == 1
    assert err.startswith("earshot: /var/x: No space left on device")
