"""What a crawl and the processes that read its pages agree on: the head of a frame, the limits of a page, rare collections."""

from __future__ import annotations

import gc
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Capture

HEAD = struct.Struct("!I")  # the length of a frame
STATUS = struct.Struct("!i")  # of a reading process: its id when it begins, its exit code when it ends
CPU_S = 10  # of one page
LISTING_CPU_S = 60  # of a feed, sitemap or index page: one of 50,000 URLs on a slow machine
Pages = tuple[tuple[int, "Capture"], ...]  # the captures of one article, each with its page number; at least one


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A page that is no capture: what extract() is given."""

    html: bytes | str
    url: str | None = None
    fetched_at: datetime | None = None
    charset: str | None = None
    embeds: bool = False

    @property
    def final_url(self) -> str:
        """The name by which an error tells of it."""
        return self.url or ""


def collect_seldom() -> None:
    """Garbage in cycles is rare here, and looking for it among all that is loaded costs a seventh of a page's time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
