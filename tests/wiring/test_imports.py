import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "tf_keras", "tensorflow_recommenders")


@pytest.mark.parametrize(
    "module",
    ["app", "ui.messages", "wiring.bootstrap", "wiring.web", "wiring.cli", "matcher.matching.service"],
)
def test_what_serves_listeners_does_not_load_tensorflow(module):
    check = f"import {module}, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_a_wrong_import_fails_the_lint(tmp_path):
    import shutil
    from pathlib import Path

    root = Path(__file__).parents[2]
    for room in ("ui", "wiring", "spotify_client", "sources", "towers", "storage", "matcher", "emulator"):
        shutil.copytree(root / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("app.py", "pyproject.toml"):
        shutil.copy(root / file, tmp_path / file)
    with (tmp_path / "matcher" / "keys.py").open("a") as file:
        file.write("\nimport storage.server.database\n")
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "matcher.domain.canonical_keys -> storage.server.database" in done.stdout
