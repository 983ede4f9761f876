"""`earshot reindex`: rebuild packed rows."""

from wiring.cli.app import cli, console


@cli.command()
def reindex() -> None:
    """Pack listeners anew whose row is of another layout or model; safe beside a running app."""
    from wiring.jobs import model_changes

    model_changes.reindex(console)
