"""`earshot serve`: run the app."""

from wiring.cli.app import cli


@cli.command()
def serve() -> None:
    """Run the app; settings say whether it is the demo or live."""
    from wiring.jobs.serving import serve_app

    serve_app()
