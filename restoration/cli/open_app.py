"""`latent-darkroom app`: the app in the browser."""

import argparse

from restoration.paths import APP


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `app`."""
    app = subparsers.add_parser("app", help="open the app in your browser; the same as no command")
    app.add_argument("--port", type=int, default=8501, help="where the app answers on this computer (default 8501)")
    app.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    app.set_defaults(run=open_app)


def open_app(options: argparse.Namespace) -> int:
    """Serve the app until it is stopped, with the settings in ``.streamlit/config.toml`` beside its script."""
    from streamlit.web import cli

    flags = [f"--server.port={options.port}", f"--server.headless={str(options.no_browser).lower()}"]
    cli.main(["run", str(APP / "streamlit_app.py"), *flags], standalone_mode=False)
    return 0
