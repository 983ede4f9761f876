"""Fuzzes the readers of listeners' files for a while, each round with another seed.

`python -m tests.fuzz SECONDS [FIRST_SEED]` is what `make fuzz` calls. It starts from the corpus in
`tests/sources/exports/corpus`.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT = ROOT / "test-results" / "fuzz"
EXAMPLES = 150  # of each test a round, so that a round takes seconds
FAILED = """
The seed was {seed}. The file that broke a reader lies under {left}, in the folder of its test: put it into
tests/sources/exports/corpus, which `make test` reads every time.
"""


def run_round(seed: int) -> bool:
    """Whether the tests marked `fuzz` pass with that seed; failures are printed, with how to repeat them."""
    arguments = ["-q", "-m", "fuzz", f"--hypothesis-seed={seed}", f"--basetemp={LEFT}", "tests/sources"]
    environment = {"EARSHOT_FUZZ_EXAMPLES": str(EXAMPLES), **os.environ}
    LEFT.parent.mkdir(exist_ok=True)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        sys.stdout.write(f"{ran.stdout}\n{ran.stderr}\n")
    return ran.returncode == 0


def main(
    seconds: float,
    run: Callable[[int], bool] = run_round,
    clock: Callable[[], float] = time.monotonic,
    first: int | None = None,
) -> int:
    """Run rounds until the time is used; 1 after the first that fails.

    Seeds count from `first`; without it each is new.
    """
    end, n_rounds = clock() + seconds, 0
    while clock() < end:
        seed = random.randrange(1 << 32) if first is None else first + n_rounds
        sys.stdout.write(f"round {n_rounds + 1}: seed {seed}\n")
        sys.stdout.flush()
        if not run(seed):
            sys.stdout.write(FAILED.format(seed=seed, left=LEFT.relative_to(ROOT)))
            return 1
        n_rounds += 1
    sys.stdout.write(f"{n_rounds} rounds passed in {seconds:g} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), first=int(sys.argv[2]) if sys.argv[2:] else None))
