"""A Chromium and a server on loopback, for the tests of the pages and for their pictures."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from typing import TYPE_CHECKING

import uvicorn

from scraper.serve.app import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
# Without these a browser asks its maker for updates and lists at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 30


@contextlib.contextmanager
def serving(path: Path, *, taken_at: datetime | None, allow_sql: bool = False) -> Iterator[str]:
    """The address of a server of an archive, as `kliping serve` runs it."""
    config = uvicorn.Config(
        make(path, taken_at=taken_at, allow_sql=allow_sql).app(), host="127.0.0.1", port=0, log_level="warning"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_S)
