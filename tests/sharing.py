"""How tests are shared out between the processes of pytest-xdist: what shares something dear stays together.

The marks that `--dist loadgroup` goes by are without effect: pytest 9.2 gives tests their ids in a way that
pytest-xdist 3.8 cannot write into, and every process made every demo and trained every model for itself.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/e2e/test_screens.py": "screens",
    "tests/e2e/test_real_data.py": "real data",
    "tests/e2e/": "demo",
    "tests/towers/": "towers",
    "tests/wiring/": "wiring",
    "tests/privacy/test_kept_back": "kept back",
    "tests/privacy/": "privacy",
}
"""Groups by how the path begins, the first that fits: each has one demo, one town, or one small model."""
FIRST = ("demo", "towers", "screens", "wiring", "kept back", "privacy")
"""Groups that take minutes, in the order in which they are begun; what is short fills the gap at the end."""


def group_of(nodeid: str) -> str:
    """What runs in one process with this test: its module, unless that shares something with others."""
    path = nodeid.partition("::")[0]
    return next((group for beginning, group in TOGETHER.items() if path.startswith(beginning)), path)


def place_of(nodeid: str) -> int:
    """Where its group stands in line."""
    group = group_of(nodeid)
    return FIRST.index(group) if group in FIRST else len(FIRST)


class SharingOut(LoadScopeScheduling):
    """Gives a process whole groups, the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
