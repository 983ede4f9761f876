"""Check that every notebook is its script and holds no outputs, then execute each in a kernel of its own.

python -m notebooks.run             check and execute all; exit status 1 when one fails
python -m notebooks.run 02          only those whose name begins so
python -m notebooks.run --sync      first write the .ipynb files anew from the scripts
python -m notebooks.run --save DIR  keep executed copies, with their pictures
"""

import argparse
import ast
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import jupytext
import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode

HERE = Path(__file__).resolve().parent
CELL_TIMEOUT_S = 300
_MOST_LOG = 2_000
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookFault(Exception):
    """A notebook that is not as it should be, or that raises."""


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel, the interpreter that runs this; whatever is installed on the machine is not asked."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, name=kernel_name, display_name="Python 3", language="python")


def names_of_notebooks(folder: Path = HERE) -> list[str]:
    """Names without ending of all scripts and notebooks that begin with two digits."""
    files = (path for path in folder.glob("[0-9][0-9]_*") if path.suffix in {".py", ".ipynb"})
    return sorted({path.stem for path in files})


def read_script(name: str, folder: Path = HERE) -> NotebookNode:
    """The notebook that a script makes: no outputs, cells numbered, so that equal scripts give equal files.

    Raises:
        NotebookFault: there is no such script.
    """
    path = folder / f"{name}.py"
    if not path.is_file():
        raise NotebookFault(f"{name}.ipynb has no script {path.name} beside it")
    made = jupytext.read(path, fmt="py:percent")
    made.metadata = nbformat.from_dict(_METADATA)
    made.nbformat, made.nbformat_minor = 4, 5
    for place, cell in enumerate(made.cells, start=1):
        cell.id, cell.metadata = f"cell-{place:02d}", nbformat.from_dict({})
    return made


def sync(name: str, folder: Path = HERE) -> None:
    """Write the .ipynb anew from its script.

    Raises:
        NotebookFault: there is no such script.
    """
    path = folder / f"{name}.ipynb"
    path.write_text(nbformat.writes(read_script(name, folder)) + "\n", encoding="utf-8")


def check(name: str, folder: Path = HERE) -> NotebookNode:
    """Read a notebook that has its script's cells, holds no outputs and ends in an assertion.

    Raises:
        NotebookFault: it does not.
    """
    script, path = read_script(name, folder), folder / f"{name}.ipynb"
    if not path.is_file():
        raise NotebookFault(f"{name}.py has no {path.name} beside it; run with --sync")
    found = nbformat.read(path, as_version=4)
    if _cells(found) != _cells(script):
        raise NotebookFault(f"{path.name} has other cells than its script; run with --sync")
    if any(cell.get("outputs") or cell.get("execution_count") for cell in found.cells):
        raise NotebookFault(f"{path.name} holds outputs; run with --sync")
    if not _ends_in_assertion(found):
        raise NotebookFault(f"{path.name} does not end in an assertion")
    return found


def _cells(notebook: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def _ends_in_assertion(notebook: NotebookNode) -> bool:
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return bool(code) and any(isinstance(one, ast.Assert) for one in ast.parse(code[-1]).body)


def execute(notebook: NotebookNode, folder: Path = HERE) -> None:
    """Execute all cells in a fresh kernel; the outputs are put into `notebook`.

    Raises:
        NotebookFault: a cell raised, took too long, or the kernel died.
    """
    with tempfile.TemporaryDirectory() as scratch:
        kernel = AsyncKernelManager(
            kernel_spec_manager=_ThisInterpreter(),
            connection_file=str(Path(scratch) / "kernel.json"),
            **_transport(scratch),
        )
        client = NotebookClient(
            notebook, km=kernel, timeout=CELL_TIMEOUT_S, resources={"metadata": {"path": str(folder)}}
        )
        with (Path(scratch) / "kernel.log").open("w+", encoding="utf-8", errors="replace") as log:
            try:
                client.execute(env=_environment(scratch), stdout=log, stderr=log)
            except CellControlSignal as error:
                raise NotebookFault(_ANSI.sub("", str(error)).strip()) from error
            except RuntimeError as error:
                log.seek(0)
                raise NotebookFault(f"{error}\n{log.read()[-_MOST_LOG:]}") from error


def _transport(scratch: str) -> Mapping[str, str]:
    """Sockets in a folder that only this user can enter; Windows has none, so loopback there."""
    return {} if os.name == "nt" else {"transport": "ipc", "ip": str(Path(scratch) / "socket")}


def _environment(scratch: str) -> Mapping[str, str]:
    """The kernel's surroundings: the repository's packages, nobody's start-up files, a quiet TensorFlow."""
    return {
        **os.environ,
        "PYTHONPATH": str(HERE.parent),
        "IPYTHONDIR": scratch,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_USE_LEGACY_KERAS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "OPENBLAS_NUM_THREADS": "1",
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; the exit status."""
    chosen = _parser().parse_args(arguments)
    names = [name for name in names_of_notebooks() if name.startswith(chosen.prefix)]
    n_failed = sum(not _passes(name, chosen.sync, chosen.save) for name in names)
    print(f"{len(names) - n_failed} passed, {n_failed} failed")
    return int(n_failed > 0 or not names)


def _passes(name: str, anew: bool, save: Path | None) -> bool:
    started_s = time.perf_counter()
    fault = _fault_of(name, anew, save)
    seconds = time.perf_counter() - started_s
    print(f"{'FAILED' if fault else 'passed'}  {name}  {seconds:.1f} s", flush=True)
    if fault:
        print(fault, file=sys.stderr, flush=True)
    return not fault


def _fault_of(name: str, anew: bool, save: Path | None) -> str:
    try:
        if anew:
            sync(name)
        notebook = check(name)
        execute(notebook)
    except NotebookFault as fault:
        return str(fault)
    if save:
        save.mkdir(parents=True, exist_ok=True)
        (save / f"{name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m notebooks.run", description="Execute the notebooks.")
    parser.add_argument("prefix", nargs="?", default="", help="only notebooks whose name begins so")
    parser.add_argument("--sync", action="store_true", help="write the .ipynb anew from the scripts first")
    parser.add_argument("--save", type=Path, metavar="DIR", help="keep executed copies there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
