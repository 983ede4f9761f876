"""What texts name is there: commands with their options, make targets, modules, settings, files."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.pythons import ROOT
from wiring.cli import cli
from wiring.settings import Settings

ROOMS = ("ui", "wiring", "spotify_client", "sources", "towers", "storage", "matcher", "emulator")
CODE = ["app.py", *(f"{room}/**/*.py" for room in ROOMS), "emulator/accounts/templates/*.html"]
PROSE = ["README.md", "docs/**/*.md"]
FILES = sorted(path for one in (*CODE, *PROSE) for path in ROOT.glob(one))

COMMAND = re.compile(r"(?:[`“]|^\s*(?:\.venv/bin/)?)earshot +(?P<rest>[a-z][^`”#&\n]*)", re.MULTILINE)
TARGET = re.compile(r"(?:`|^)make (?P<target>[a-z][a-z-]+)", re.MULTILINE)
MODULE = re.compile(r"python -m (?P<module>(?:tests|benchmarks|notebooks|wiring)(?:\.\w+)*)")
SETTING = re.compile(r"\bEARSHOT_[A-Z][A-Z_]*[A-Z]\b")
FILE = re.compile(
    r"`((?:ui|wiring|spotify_client|sources|towers|storage|matcher|emulator|tests|docs|benchmarks)/[\w./-]*)`"
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")

NO_SETTINGS_OF_OURS = {
    "EARSHOT_DEV_DATA",  # of the tests
    "EARSHOT_TELLS",  # the same
}


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def told(pattern: re.Pattern[str], files: list[Path] = FILES) -> Iterator[tuple[str, str]]:
    """What a pattern finds, with the file that says it."""
    for path in files:
        for found in pattern.finditer(text_of(path)):
            yield str(path.relative_to(ROOT)), found[1] if found.groups() else found[0]


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that words name, or None, and the words after it."""
    command: Any = typer.main.get_command(cli)
    while hasattr(command, "commands") and words:
        command, words = command.commands.get(words[0]), words[1:]
    return command, words


def wrong_with(rest: str) -> str:
    """What is wrong with the words after `earshot`; empty where such a command exists."""
    words = [word.rstrip(":,;.") for word in shlex.split(rest.partition(" and ")[0].replace("'", ""))]
    if words[0] == "COMMAND":
        return ""
    command, after = command_of(words)
    if command is None:
        return f"there is no command earshot {' '.join(words[:2])}"
    options = {name for one in command.params for name in one.opts}
    return ", ".join(one for one in after if one.startswith("--") and one not in {*options, "--help"})


def test_every_command_that_a_text_names_exists():
    wrong = [(where, rest, wrong_with(rest)) for where, rest in told(COMMAND)]
    assert [one for one in wrong if one[2]] == []


def test_commands_are_found_where_they_are_named():
    found = {rest.split()[0] for _, rest in told(COMMAND)}
    assert {"demo", "serve", "train", "models", "doctor", "purge", "feedback", "reindex"} <= found


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("models compare VERSION", "there is no command earshot models compare"),
        ("sing", "there is no command earshot sing"),
        ("train --loud", "--loud"),
        ("train --pairs FILE", ""),
        ("models list", ""),
    ],
)
def test_a_command_that_does_not_exist_is_told(rest, why):
    assert wrong_with(rest) == why


def test_the_readme_lists_every_command():
    listed = set(re.findall(r"^earshot (\w+) ", text_of(ROOT / "README.md"), re.MULTILINE))
    assert listed == set(typer.main.get_command(cli).commands)


def test_every_make_target_that_a_text_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert {(where, one) for where, one in told(TARGET) if one not in targets} == set()


def test_every_module_that_a_text_runs_exists():
    there = {
        (where, one): (ROOT / one.replace(".", "/")).with_suffix(".py").exists()
        or (ROOT / one.replace(".", "/") / "__main__.py").exists()
        for where, one in told(MODULE)
    }
    assert [place for place, found in there.items() if not found] == []


def test_every_setting_that_a_text_names_exists():
    ours = {f"EARSHOT_{name.upper()}" for name in Settings.model_fields} | NO_SETTINGS_OF_OURS
    assert {(where, one) for where, one in told(SETTING) if one not in ours} == set()


def test_every_file_that_a_document_names_is_there():
    prose = [path for one in PROSE for path in ROOT.glob(one) if "adr" not in path.parts]
    gone = {(where, one) for where, one in told(FILE, prose) if not (ROOT / one).exists()}
    assert gone - {(where, one) for where, one in gone if "NAME" in one} == set()


def test_every_path_that_the_architecture_names_is_there_and_written_in_full():
    named = re.findall(r"`([\w./-]+(?:/|\.py|\.md))`", text_of(ROOT / "docs" / "architecture.md"))
    beside = {"__init__.py", "page.py", "words.py", "service.py"}  # in folders that their rows name
    assert [
        one for one in named if not (ROOT / one).exists() and one not in beside and "NAME" not in one
    ] == []
    assert len(named) > 60


def test_every_link_between_documents_leads_somewhere():
    prose = [path for one in PROSE for path in ROOT.glob(one)]
    gone = [(where, to) for where, to in told(LINK, prose) if not (ROOT / where).parent.joinpath(to).exists()]
    assert gone == []
