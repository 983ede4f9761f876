"""``python -m emulator``: the local Spotify alone."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from emulator.app import create_app
from emulator.server import serve
from emulator.world import World, synthetic_world, table_world

_SHOWN_PROBLEMS = 5


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m emulator", description="A local Spotify for demonstrations and tests."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=9911, help="port to listen on (default %(default)s)")
    parser.add_argument(
        "--world", type=Path, help="a listening table (.csv, .csv.gz, .parquet) instead of a synthetic world"
    )
    parser.add_argument(
        "--listeners", type=int, default=2000, help="synthetic listeners (default %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="seed of the synthetic world (default %(default)s)"
    )
    return parser.parse_args(argv)


def _world(arguments: argparse.Namespace) -> World:
    if arguments.world is not None:
        return table_world(arguments.world)
    return synthetic_world(arguments.listeners, arguments.seed)


def _report(world: World, address: str) -> None:
    lines = [f"Local Spotify at {address}, {len(world.listeners):,} {world.label}. Stop it with Ctrl-C."]
    if world.problems:
        lines.append(f"{len(world.problems):,} rows could not be used as they are:")
        lines += [f"  {problem}" for problem in world.problems[:_SHOWN_PROBLEMS]]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def main(argv: Sequence[str] | None = None) -> int:
    """Serves a world until it is interrupted.

    Args:
        argv: Arguments; None takes the process's own.

    Returns:
        0 after an interruption, 1 if the world or the address cannot be had.
    """
    arguments = _arguments(argv)
    try:
        world = _world(arguments)
        _report(world, f"http://{arguments.host}:{arguments.port}")
        serve(create_app(world), arguments.host, arguments.port)
    except (OSError, ValueError, OverflowError) as error:
        sys.stderr.write(f"The emulator cannot start: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
