"""What a crawl and the processes that read its pages agree on: the head of a frame, the limits of a page, rare garbage
collections.
"""

from __future__ import annotations

import gc
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Capture

HEAD = struct.Struct("!I")  # the length of a frame
STATUS = struct.Struct("!i")  # of a reading process: its id when it starts, its exit code when it ends
CPU_S = 10  # of one page
LISTING_CPU_S = 60  # of a feed, sitemap or index page: one of 50,000 URLs on a slow machine
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3)
Pages = tuple[tuple[int, "Capture"], ...]  # the captures of one article, each with its page number; at least one


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A page that is not a capture: the arguments of extract()."""

    html: bytes | str
    url: str | None = None
    fetched_at: datetime | None = None
    charset: str | None = None
    embeds: bool = False

    @property
    def final_url(self) -> str:
        """The name of the page in an error."""
        return self.url or ""


def collect_seldom() -> None:
    """Collect garbage seldom: cycles are rare here, and searching for them among everything loaded costs a seventh of a
    page's time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def keep_freed_memory() -> None:
    """Have glibc keep the memory of a page's tree for the next page, up to 64 MiB: returning it and requesting it again
    costs some hundredths of a page's time. Does nothing with another C library.
    """
    with suppress(ImportError, OSError, AttributeError, TypeError):
        from ctypes import CDLL  # noqa: PLC0415  (for a process that reads pages only)

        mallopt = CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, 32 << 20)
        mallopt(_TRIM_THRESHOLD, 64 << 20)
