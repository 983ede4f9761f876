import os
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from storage.server.database import open_database
from wiring.cli import cli
from wiring.jobs import doctor
from wiring.jobs.doctor import Verdict, examine

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("EARSHOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EARSHOT_EMULATOR_URL", "http://127.0.0.1:1")


def findings(topic):
    return [one for one in examine() if one.topic == topic]


def only(topic):
    (found,) = findings(topic)
    return found


def go_live(monkeypatch, **more):
    given = {"MODE": "live", "SPOTIFY_CLIENT_ID": "app", "ACCEPT_SPOTIFY_TERMS": "true", **more}
    for name, value in given.items():
        monkeypatch.setenv(f"EARSHOT_{name}", value)
    monkeypatch.setattr(doctor, "_date_at", lambda _: None)


def test_a_newcomer_is_told_about_the_model_alone_and_the_exit_status_says_so():
    wrong = [one.topic for one in examine() if one.verdict is Verdict.WRONG]
    assert wrong == ["model"]
    answer = CliRunner().invoke(cli, ["doctor"])
    assert answer.exit_code == 1


def test_wrong_settings_are_listed_one_a_line(monkeypatch):
    monkeypatch.setenv("EARSHOT_PORT", "nine")
    monkeypatch.setenv("EARSHOT_CALLS_BUDGET", "0")
    assert [one.verdict for one in findings("settings")] == [Verdict.WRONG] * 2


def test_the_address_to_register_is_told(monkeypatch):
    go_live(monkeypatch, PUBLIC_URL="https://earshot.example")
    assert "https://earshot.example/callback" in only("redirect").text


def test_a_secret_is_told_to_be_there_and_never_told(monkeypatch):
    go_live(monkeypatch)
    assert "PKCE alone" in only("spotify app").text
    key = Fernet.generate_key().decode()
    go_live(monkeypatch, SPOTIFY_CLIENT_SECRET="hush-hush", GRANT_KEYS=key)
    told = "\n".join(map(str, examine()))
    assert "client id and secret are set" in told
    assert "hush-hush" not in told
    assert key not in told


def test_a_client_id_that_cannot_be_one_is_to_be_mended(monkeypatch):
    go_live(monkeypatch, SPOTIFY_CLIENT_ID="two words")
    assert only("spotify app").verdict is Verdict.WRONG


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_a_key_file_that_others_may_read_is_to_be_mended(tmp_path):
    key = tmp_path / "var" / "grants.key"
    key.parent.mkdir()
    key.write_bytes(Fernet.generate_key())
    key.chmod(0o644)
    assert "chmod 600" in only("keys").text
    key.chmod(0o600)
    assert only("keys").verdict is Verdict.GOOD


def test_the_keys_of_accounts_are_looked_at_too(monkeypatch, tmp_path):
    assert "will be made" in only("account keys").text
    monkeypatch.setenv("EARSHOT_ACCOUNT_KEYS", "too short")
    assert only("account keys").verdict is Verdict.WRONG
    monkeypatch.setenv("EARSHOT_ACCOUNT_KEYS", "k" * 32)
    assert only("account keys").verdict is Verdict.GOOD
    assert "kkk" not in only("account keys").text


def test_keys_that_are_none_are_to_be_mended(monkeypatch):
    monkeypatch.setenv("EARSHOT_GRANT_KEYS", "not-a-key")
    assert only("keys").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("skew", "verdict"), [(0, Verdict.GOOD), (3600, Verdict.WRONG), (-3600, Verdict.WRONG)]
)
def test_a_clock_is_compared_with_spotifys(monkeypatch, skew, verdict):
    monkeypatch.setattr(doctor, "_date_at", lambda _: datetime.now(UTC) + timedelta(seconds=skew))
    assert only("clock").verdict is verdict


def test_the_clock_of_the_local_spotify_is_read(monkeypatch, local_spotify):
    monkeypatch.setenv("EARSHOT_EMULATOR_URL", local_spotify.base)
    assert only("clock").verdict is Verdict.GOOD


def test_a_spotify_that_does_not_answer_is_a_note():
    assert only("clock").verdict is Verdict.NOTE


def test_a_database_that_does_not_answer_is_to_be_mended(monkeypatch):
    monkeypatch.setenv("EARSHOT_DATABASE_URL", "postgresql://earshot:hush-hush@127.0.0.1:1/earshot")
    found = only("database")
    assert found.verdict is Verdict.WRONG
    assert "hush-hush" not in found.text


def test_a_database_is_up_to_date_or_to_be_mended(tmp_path):
    from storage.server.migrate import upgrade
    from tests.storage.revisions import downgrade_to

    database = open_database(None, tmp_path / "var" / "postgres")
    try:
        found = only("database")
        assert (found.verdict, "is empty" in found.text) == (Verdict.GOOD, True)
        upgrade(database)
        assert only("database").verdict is Verdict.GOOD
        downgrade_to(database.owner, "0001")
        assert only("database").verdict is Verdict.WRONG
    finally:
        database.close()


def test_the_versions_are_those_of_the_requirements():
    lines = (ROOT / "requirements.txt").read_text()
    for name, (least, below) in doctor.VERSIONS.items():
        found = re.search(rf"^{name}>=([0-9.]+),<([0-9.]+)", lines, re.MULTILINE)
        assert found[1] == ".".join(map(str, least))
        assert found[2] == ".".join(map(str, below))


def test_a_version_out_of_range_is_to_be_mended(monkeypatch):
    monkeypatch.setattr(doctor, "version", lambda name: "1.70.0" if name == "streamlit" else "2.26.0")
    assert only("streamlit").verdict is Verdict.WRONG
    assert only("spotipy").verdict is Verdict.GOOD


def test_a_port_that_is_taken_is_a_note(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("EARSHOT_PORT", str(server.getsockname()[1]))
        assert only("port").verdict is Verdict.NOTE


def test_a_home_that_cannot_be_made_is_to_be_mended(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "file" / "home"))
    assert only("home").verdict is Verdict.WRONG
    assert not (tmp_path / "file" / "home").exists()
