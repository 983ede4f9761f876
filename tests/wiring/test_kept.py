"""What is kept is told by an Earshot that was installed from a wheel, too."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import sys
sys.path.append(sys.path.pop(1))  # what is installed comes before what it needs
from wiring.doors import web
print(web.kept(None, None).path)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The Python of an environment in which a wheel was installed, made of what the repository holds."""
    source, wheels, home = (tmp_path_factory.mktemp(name) for name in ("source", "wheels", "installed"))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "notebooks/", "benchmarks/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(wheels)], cwd=source, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = ["-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--no-compile"]
    wheel = next(wheels.glob("*.whl"))
    subprocess.run([sys.executable, *install, str(wheel)], check=True, capture_output=True)
    return python


def test_an_installed_earshot_tells_what_is_kept(installed, tmp_path):
    env = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    asked = subprocess.run(
        [installed, "-c", ASK], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    path = Path(asked.stdout.strip())
    assert installed.parents[1] in path.resolve().parents
    assert path.read_bytes() == (ROOT / "docs" / "data.md").read_bytes()
