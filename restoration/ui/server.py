"""What this app adds to Streamlit's server: headers, where pages find it, memory freed and kept."""

import asyncio
import base64
import contextlib
import ctypes
import gc
import hashlib
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import cli_util, config
from streamlit.runtime.scriptrunner import script_runner
from streamlit.web.server import server_util

from restoration.ui.disk_download import ADDRESS, send_file
from restoration.ui.photo_store import photo_store

# Streamlit's pages would ask below their own address first (/denoise/_stcore/health), and get a 404 for each: this is
# its own setting for where the server lies, the folder that the page's other addresses are relative to.
_BASE_ADDRESS = '<script>window.__streamlit = {BACKEND_BASE_URL: new URL(".", window.location.href).href}</script>'
_INDEX = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
INDEX = _INDEX.replace("<head>", f"<head>\n    {_BASE_ADDRESS}", 1)


def _hashes_of_scripts(html: str) -> str:
    texts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)


# Streamlit's own scripts come as files, those of our components as blobs; its styles are written into the page.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' blob: {_hashes_of_scripts(INDEX)}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = [
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


TRIM_SECONDS = 20  # between two returns of freed memory, and between two searches for photographs kept too long


class SecurityHeaders:
    """Add `HEADERS` to every answer, in the place of any of the same names.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        names = {name for name, _ in HEADERS}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in names]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def _send_index(_request: object) -> HTMLResponse:
    return HTMLResponse(INDEX, headers={"Cache-Control": "no-cache"})


def _routes(script: Path) -> list[BaseRoute]:
    """Return the addresses of the pages, the script's and that of each file in ``pages``, and of files from disk."""
    base = f"/{config.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
    names = ["", *(page.stem for page in sorted((script.parent / "pages").glob("*.py")))]
    download = Route(f"{base}/{ADDRESS}/{{token}}", send_file, methods=["GET"])
    return [download, *(Route(f"{base}/{name}", _send_index, methods=["GET"]) for name in names)]


def keep_compiled_steps() -> None:
    """Let Keras keep what it has compiled, for all sessions.

    Streamlit clears it after every run of a page or a fragment, so that a training beside a page that follows it
    optimized the graph of each step anew: fifteen times as slow.
    """
    script_runner._clean_problem_modules = lambda: None


def give_back_memory() -> None:
    """Return freed memory to the system; Linux would keep what large images leave between others."""
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").malloc_trim(0)


async def _tidy_now_and_then() -> None:
    while True:
        await asyncio.sleep(TRIM_SECONDS)
        await asyncio.to_thread(give_back_memory)
        await asyncio.to_thread(photo_store().delete_old)


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[None]:
    """Tidy now and then; open the browser, as Streamlit does for scripts but not for an ``st.App``."""
    keep_compiled_steps()
    trimming = asyncio.create_task(_tidy_now_and_then())
    if not config.get_option("server.headless"):
        host = server_util.get_display_address(config.get_option("server.address") or "localhost")
        asyncio.get_running_loop().call_later(0.5, cli_util.open_browser, server_util.get_url(host))
    yield
    trimming.cancel()


def app_settings(script: str) -> dict[str, Any]:
    """Return the arguments of ``st.App`` for the home page's script.

    Parameters
    ----------
    script
        Its file.
    """
    return {"routes": _routes(Path(script)), "middleware": [Middleware(SecurityHeaders)], "lifespan": _lifespan}
