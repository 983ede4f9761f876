"""`earshot doctor`: check this installation and say what to fix."""

import typer

from wiring.cli.app import cli, console


@cli.command()
def doctor() -> None:
    """Look at settings, keys, versions, clock, database and model, and say what to mend."""
    from wiring.jobs.doctor import Verdict, examine

    found = []
    for finding in examine():
        found.append(finding)
        console.print(str(finding), markup=False, soft_wrap=True)
    if any(one.verdict is Verdict.WRONG for one in found):
        raise typer.Exit(1)
