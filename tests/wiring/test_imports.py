import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("tensorflow", "tf_keras", "tensorflow_recommenders")


@pytest.mark.parametrize(
    "module",
    ["app", "ui.messages", "wiring.bootstrap", "wiring.doors.web", "wiring.cli", "matcher.matching.service"],
)
def test_what_serves_listeners_does_not_load_tensorflow(module):
    check = f"import {module}, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


ROOT = Path(__file__).parents[2]
ROOMS = ("ui", "wiring", "spotify_client", "sources", "towers", "storage", "matcher", "emulator")


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        (
            "matcher/domain/canonical_keys.py",
            "import storage.server.database",
            "matcher.domain.canonical_keys -> storage.server.database",
        ),
        # circles: two folders of a room that need each other
        ("matcher/domain/vectors.py", "import matcher.scoring.overlap", "No cycles are allowed in matcher."),
        ("storage/sql/text.py", "import storage.stores.records.models", "No cycles are allowed in storage."),
        ("ui/html/markup.py", "import ui.pages.match.page", "No cycles are allowed in ui."),
        ("wiring/settings.py", "import wiring.bootstrap", "No cycles are allowed in wiring."),
        ("emulator/state/library.py", "import emulator.webapi.fields", "No cycles are allowed in emulator."),
    ],
)
def test_a_wrong_import_fails_the_lint(tmp_path, module, line, told):
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{line}\n")
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert told in done.stdout
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_no_folder_holds_more_than_sixteen_modules(room):
    folders = [folder for folder in (ROOT / room, *(ROOT / room).rglob("*")) if folder.is_dir()]
    counts = {folder.relative_to(ROOT): len(list(folder.glob("*.py"))) for folder in folders}
    assert {where: n for where, n in counts.items() if n > 16 and where.name != "versions"} == {}
