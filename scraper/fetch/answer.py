"""One HTTP exchange as it happened, and the capture made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper import discreet
from scraper.records import Capture, Redirect
from scraper.typed import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

# They are between the proxy and us.
UNKEPT_HEADERS = frozenset({"proxy-authenticate", "proxy-authorization"})


class Answer(Struct, frozen=True, kw_only=True):
    """One HTTP exchange; `location` is the Location header of a redirect."""

    status: int
    headers: tuple[tuple[str, str], ...]
    request_headers: tuple[tuple[str, str], ...]
    http_version: str
    body: bytes
    wire_bytes: int
    elapsed_s: float = 0.0  # of this exchange, without the wait for its turn

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a body is read; `is_clipped` drops the excess instead of refusing the whole."""

    wire_bytes: int
    body_bytes: int
    is_clipped: bool = False


def media_type(content_type: str | None) -> tuple[str | None, str | None]:
    """(media type, charset label) of a Content-Type header, lower case; None for what it does not say."""
    if not content_type:
        return None, None
    kind, _, rest = content_type.partition(";")
    charset = None
    for part in rest.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower()[:40] or None
    return kind.strip().lower() or None, charset


def headers_to_keep(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that are kept, in order, with names in lower case; session headers lose their value."""
    return discreet.kept_headers((name.lower(), value) for name, value in headers if name.lower() not in UNKEPT_HEADERS)


def capture_of(
    url: str, final_url: str, answer: Answer, redirects: Sequence[Redirect], elapsed_s: float, *, at: datetime
) -> Capture:
    """The result of an exchange as it is stored; `url` was requested first, `final_url` answered at `at`."""
    kind, charset = media_type(answer.header("content-type"))
    return Capture(
        url=url,
        final_url=final_url,
        status=answer.status,
        fetched_at=at,
        body=answer.body,
        headers=answer.headers,
        request_headers=answer.request_headers,
        content_type=kind,
        charset=charset,
        redirects=tuple(redirects),
        http_version=answer.http_version,
        elapsed_s=elapsed_s,
        wire_bytes=answer.wire_bytes,
    )
