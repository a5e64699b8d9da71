"""The possible outcomes of something being imported: a closed list, counted, and named if a person should look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImportOutcome(StrEnum):
    """How one record, file or line ended."""

    KEPT = "kept"  # a new capture
    KNOWN = "known"  # the archive already has this visit, or these bytes at this URL
    TRUNCATED = "truncated"  # a new capture of an incomplete page: kept, but never as a complete article
    ASIDE = "aside"  # a new capture kept as evidence: a wall, or something else in the place of the article
    OLDER = "older"  # a new capture of an article whose stored text is newer: an earlier version of it
    QUEUED = "queued"  # a URL that was new
    ROBOTS = "robots"  # a version of a robots.txt
    FILTERED = "filtered"  # of a host that is not wanted
    REDIRECT = "redirect"
    ERROR_STATUS = "error_status"  # the answer was not a page (404, 500, a part)
    OTHER_METHOD = "other_method"  # the answer to a POST, HEAD or the like is not the page of its URL
    NOT_HTML = "not_html"  # a picture, a script, a style sheet
    BLOCKED = "blocked"  # a bot wall answered instead of the site
    BAD_DIGEST = "bad_digest"  # the bytes are not what the file says they are
    BAD_RECORD = "bad_record"  # broken, or not what it says it is
    BAD_ENCODING = "bad_encoding"  # the content encoding is broken or unknown
    BAD_URL = "bad_url"
    NO_URL = "no_url"  # a saved page that does not say where it is from
    TOO_BIG = "too_big"
    UNRESOLVED = "unresolved"  # a revisit whose original is not here; it waits for it
    NOT_FETCHED = "not_fetched"  # a web archive lists a capture but does not deliver it
    UNREADABLE = "unreadable"  # a file, or a member of a package, that cannot be read at all
    BUG = "bug"  # an error of ours; the capture is kept and the traceback is in the log


# What a person may have to look at; the other outcomes are as they should be.
NAMED = frozenset(
    {
        ImportOutcome.BAD_DIGEST,
        ImportOutcome.BAD_RECORD,
        ImportOutcome.BAD_ENCODING,
        ImportOutcome.BAD_URL,
        ImportOutcome.NO_URL,
        ImportOutcome.TOO_BIG,
        ImportOutcome.UNRESOLVED,
        ImportOutcome.UNREADABLE,
        ImportOutcome.NOT_FETCHED,
        ImportOutcome.BUG,
    }
)


class Refused(Exception):
    """Something is not imported; `outcome` says why, the text says more."""

    def __init__(self, outcome: ImportOutcome, detail: str = "") -> None:
        super().__init__(detail)
        self.outcome = outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that should have been imported but was not: where it is, and why."""

    source: str
    member: str
    offset: int
    outcome: ImportOutcome
    detail: str
    url: str | None = None
