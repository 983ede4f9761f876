"""Tests that share something dear run in one process, and the longest begin first."""

from types import SimpleNamespace

import pytest

from tests.sharing import SharingOut, group_of, place_of


@pytest.mark.parametrize("turn", range(6))
def test_a_module_runs_in_one_process(turn, worker_id, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    seen = (folder if worker_id == "master" else folder.parent) / "processes-of-this-module"
    with seen.open("a") as told:
        told.write(f"{worker_id}\n")
    assert set(seen.read_text().split()) == {worker_id}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("tests/e2e/test_me.py::test_a[x]", "tests/e2e/test_feel.py::test_b", True),
        ("tests/e2e/test_me.py::test_a", "tests/e2e/test_screens.py::test_b", False),
        ("tests/towers/serving/test_bundle.py::test_a", "tests/towers/serving/test_taste.py::test_b", True),
        ("tests/ui/test_main.py::test_a", "tests/ui/test_main.py::test_b", True),
        ("tests/ui/test_main.py::test_a", "tests/ui/test_mark.py::test_b", False),
    ],
)
def test_what_shares_a_demo_or_a_model_is_together(one, other, together):
    assert (group_of(one) == group_of(other)) is together


class Process:
    """Stands in for a process of pytest-xdist: what it was given."""

    shutting_down = False

    def __init__(self, name):
        self.gateway, self.given = SimpleNamespace(id=name), []

    def send_runtest_some(self, indices):
        self.given += indices

    def shutdown(self):
        self.shutting_down = True


def test_two_processes_begin_with_the_two_longest_groups(pytestconfig):
    tests = [f"tests/{module}.py::test_{n}" for module in ("ui/a", "e2e/b", "towers/c") for n in range(9)]
    tests.sort(key=place_of)
    config = SimpleNamespace(
        option=SimpleNamespace(loadscopereorder=False, maxfail=0), getvalue=lambda _: ["popen", "popen"]
    )
    shared, processes = SharingOut(config), [Process("one"), Process("other")]
    for process in processes:
        shared.add_node(process)
        shared.add_node_collection(process, tests)
    shared.schedule()
    begun = [{group_of(tests[index]) for index in process.given} for process in processes]
    assert begun == [{"demo"}, {"towers"}]
