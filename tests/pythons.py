"""Runs the tests that depend on the interpreter on every promised Python that this machine has.

`python -m tests.pythons` is what `make test-pythons` calls. The Python of `.venv` is left to `make test`.
Each other gets an environment of its own, `.venv-3.13` for 3.13, made from the same locks by the same target.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ("tests/towers", "tests/wiring", "tests/storage")
CLOSING = re.compile(r"^=+ (?P<words>.*\d+ (passed|failed|error).* in .*?) =+$")


def promised(pyproject: Path = ROOT / "pyproject.toml") -> list[str]:
    """The Pythons that `requires-python` promises, as "3.11"."""
    span = tomllib.loads(pyproject.read_text())["project"]["requires-python"]
    first, end = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", span).groups()
    return [f"3.{minor}" for minor in range(int(first), int(end))]


def version_of(python: Path | str) -> str:
    """Its version as "3.11", or "" where it does not run, as a shim of pyenv with no Python behind it."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        ran = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def find(version: str, pyenv: Path | None = None) -> Path | None:
    """An interpreter of that version: in the path, else the newest of pyenv's."""
    pyenv = pyenv or Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    in_path = [Path(folder) / f"python{version}" for folder in os.get_exec_path()]
    of_pyenv = sorted((pyenv / "versions").glob(f"{version}.*/bin/python"), key=_numbers, reverse=True)
    return next((one for one in [*in_path, *of_pyenv] if one.exists() and version_of(one) == version), None)


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parent.parent.name)]


def run_tests(version: str, python: Path) -> tuple[bool, str]:
    """Whether all passed, and pytest's closing words. What is printed meanwhile is passed on."""
    venv = f".venv-{version}"
    made = subprocess.run(["make", f"VENV={venv}", f"PYTHON={python}", f"{venv}/.dev"], cwd=ROOT, check=False)
    if made.returncode:
        return False, f"its environment could not be made (make ended with {made.returncode})"
    command = [f"{venv}/bin/python", "-m", "pytest", "-n", os.environ.get("WORKERS", "2"), *TESTS]
    closing = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            found = CLOSING.match(line)
            closing = found["words"] if found else closing
    return running.returncode == 0, closing or f"pytest ended with {running.returncode} and no closing line"


def main(
    versions: Sequence[str],
    done: str,
    find: Callable[[str], Path | None] = find,
    run: Callable[[str, Path], tuple[bool, str]] = run_tests,
) -> int:
    """Run all, then say of each promised Python what became of it; 1 if any failed.

    Args:
        versions: the promised Pythons.
        done: the one that `make test` runs on.
        find: finds an interpreter.
        run: runs the tests on one.
    """
    found = {version: find(version) for version in versions if version != done}
    results = {version: run(version, python) for version, python in found.items() if python}
    sys.stdout.write("\nPromised Pythons:\n")
    for version in versions:
        sys.stdout.write(f"  {version}: {_told(version == done, results.get(version))}\n")
    return int(not all(passed for passed, _ in results.values()))


def _told(is_done: bool, result: tuple[bool, str] | None) -> str:
    if is_done:
        return "the Python of .venv, which `make test` runs every test on"
    if result is None:
        return "NOT RUN: there is none on this machine"
    passed, closing = result
    return f"{'' if passed else 'FAILED: '}{closing} ({', '.join(TESTS)})"


if __name__ == "__main__":
    sys.exit(main(promised(), f"{sys.version_info.major}.{sys.version_info.minor}"))
