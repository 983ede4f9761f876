"""``python -m emulator``: the local Spotify alone."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from emulator.server.app import create_app
from emulator.server.running import serve
from emulator.settings import EmulatorSettings
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
    parser.add_argument("--latency-ms", type=int, default=0, help="waited before every answer")
    parser.add_argument("--dialect", choices=["development", "extended"], default="development")
    parser.add_argument("--rotate-tokens", action="store_true", help="each refresh gives a new refresh token")
    parser.add_argument("--token-life-s", type=int, default=3600, help="life of an access token")
    parser.add_argument("--grant-life-days", type=int, default=182, help="life of a refresh token")
    parser.add_argument("--allow", action="append", metavar="ID", help="serve these alone, at most five")
    return parser.parse_args(argv)


def _settings(arguments: argparse.Namespace) -> EmulatorSettings:
    return EmulatorSettings(
        latency_ms=arguments.latency_ms,
        dialect=arguments.dialect,
        rotate_refresh_tokens=arguments.rotate_tokens,
        access_token_lifetime_s=arguments.token_life_s,
        refresh_token_lifetime_s=arguments.grant_life_days * 86_400,
        allow_list=tuple(arguments.allow) if arguments.allow else None,
    )


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
        settings = _settings(arguments)
        world = _world(arguments)
        _report(world, f"http://{arguments.host}:{arguments.port}")
        serve(create_app(world, settings), arguments.host, arguments.port)
    except (OSError, ValueError, OverflowError) as error:
        sys.stderr.write(f"The emulator cannot start: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
