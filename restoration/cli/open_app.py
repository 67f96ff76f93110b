"""`latent-darkroom app`: the app in the browser."""

import click

from restoration.paths import APP


def app_command() -> click.Command:
    """Return the command `app`."""
    port = click.Option(
        ["--port"], type=click.IntRange(1, 65535), default=8501, help="where the app answers (default 8501)"
    )
    no_browser = click.Option(["--no-browser"], is_flag=True, help="print the address and open nothing")
    return click.Command(
        "app",
        params=[port, no_browser],
        callback=open_app,
        help="Open the app in your browser; the same as no command.\n\nIt answers to this computer alone.",
        short_help="open the app in your browser; the same as no command",
    )


def open_app(port: int, no_browser: bool) -> int:
    """Serve the app until it is stopped, with the settings in ``.streamlit/config.toml`` beside its script."""
    from streamlit.web import cli

    flags = [f"--server.port={port}", f"--server.headless={str(no_browser).lower()}"]
    cli.main(["run", str(APP / "streamlit_app.py"), *flags], standalone_mode=False)
    return 0
