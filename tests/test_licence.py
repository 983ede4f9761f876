"""Earshot's licence, and those of what comes with it: in the repository and in the wheel."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.pythons import ROOT

NOTICE = ROOT / "NOTICE"
CARRIED = ("*.ttf", "*.otf", "*.woff", "*.woff2", "*-logo.svg")
"""Files that somebody else has made, by their endings."""


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"
    assert "Apache-2.0" in (ROOT / "README.md").read_text()


def test_everything_that_somebody_else_made_is_in_the_notice():
    carried = [path for ending in CARRIED for path in (ROOT / "ui").rglob(ending)]
    assert len(carried) >= 4
    notice = NOTICE.read_text()
    assert [path.name for path in carried if path.relative_to(ROOT).as_posix() not in notice] == []


def test_every_font_has_its_licence_beside_it():
    fonts = ROOT / "ui" / "assets" / "fonts"
    for family in {re.match(r"Source(Sans|Serif)|NotoSans", path.name)[0] for path in fonts.glob("*.ttf")}:
        assert "SIL OPEN FONT LICENSE" in (fonts / f"OFL-{family}.md").read_text().upper()


def licence_of(package: str) -> str:
    try:
        about = distribution(package).metadata
    except PackageNotFoundError:
        return ""  # for another platform
    kinds = [one for one in about.get_all("Classifier", []) if one.startswith("License")]
    return " ".join([about.get("License-Expression") or about.get("License", "")[:80], *kinds])


def test_libraries_whose_licence_asks_for_more_than_a_notice_are_in_the_notice():
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    strict = [one for one in locked if re.search(r"GPL|MPL|Mozilla|EPL|CDDL", licence_of(one))]
    assert "psycopg" in strict
    notice = NOTICE.read_text()
    assert [one for one in strict if one not in notice] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """A wheel of what git holds and what is new here, made in a copy: a build leaves folders behind."""
    copy = tmp_path_factory.mktemp("copy")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        is_left = name.startswith(("docs/", "tests/", "benchmarks/", "notebooks/")) and name != "docs/data.md"
        if (ROOT / name).is_file() and not is_left:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    code = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", code, out], cwd=copy, capture_output=True, check=True, timeout=240)
    return zipfile.ZipFile(next(out.glob("*.whl")))


@pytest.mark.slow
def test_a_wheel_carries_licence_notice_and_metadata(wheel):
    inside = wheel.namelist()
    (metadata,) = [one for one in inside if one.endswith(".dist-info/METADATA")]
    about = Parser().parsestr(wheel.read(metadata).decode())
    assert about["License-Expression"] == "Apache-2.0"
    licences = metadata.replace("METADATA", "licenses/")
    for name in ("LICENSE", "NOTICE"):
        assert wheel.read(licences + name) == (ROOT / name).read_bytes()
        assert name in about.get_all("License-File")


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["ui/assets", "ui/style", "ui/.streamlit", "emulator/accounts/templates"])
def test_a_wheel_carries_every_file_that_pages_are_made_of(wheel, folder):
    here = {
        path.relative_to(ROOT).as_posix()
        for path in Path(ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here
    assert here - set(wheel.namelist()) == set()
