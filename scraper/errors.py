"""Every exception kliping raises on purpose.

KlipingError
├── SiteError          a site definition is wrong (a bug in sites/, or in a file of --sites)
├── LanguageError      a language pack is malformed; the message says where
├── FetchError         url, reason, status, …: a page could not be fetched
├── ExtractError       url, reason, detail: the bytes are not an article we can read
├── DiscoverError      url, reason: a feed, sitemap or index page cannot be read
├── ExtraMissing       what was asked for needs an extra that is not installed
├── AlertError         an alert is not there, is malformed or cannot be kept
├── SearchError        a saved search is not there, is malformed or cannot be kept
├── CodingError        a sheet of codes or its description cannot be used
├── ExchangeError      an export cannot be made, or what is to be imported cannot be read
├── SystemLimit        this machine does not give what is needed: open files (exit 71)
│   ├── WorkerError    no process can be had that reads pages
│   ├── PackageChanged kliping was upgraded while it was at work
│   └── NetworkDown    the way into the network: the proxy (exit 69)
└── ArchiveError       the archive cannot be opened, read or written
    ├── ArchiveLocked  another crawl holds it (exit 75)
    ├── ArchiveDamaged not an archive, corrupt, or newer than this program (exit 65)
    ├── ArchiveFull    no space, or the disk fails (exit 74)
    ├── ArchiveRefused what was asked for cannot be done with this archive (exit 64)
    └── ArchiveSlow    a question was given up after the time it had (serve)
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from scraper.reasons import TRANSIENT, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Capture, Redirect


__all__ = [
    "DISK_ERRORS",
    "AlertError",
    "ArchiveDamaged",
    "ArchiveError",
    "ArchiveFull",
    "ArchiveLocked",
    "ArchiveRefused",
    "ArchiveSlow",
    "CodingError",
    "DiscoverError",
    "ExchangeError",
    "ExtraMissing",
    "ExtractError",
    "FetchError",
    "KlipingError",
    "LanguageError",
    "NetworkDown",
    "PackageChanged",
    "Reason",
    "SearchError",
    "SiteError",
    "SystemLimit",
    "WorkerError",
    "is_out_of_files",
]


# The errno values of an OSError that mean a full or failing disk (exit 74).
DISK_ERRORS = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO, errno.EFBIG})


class KlipingError(Exception):
    """Base of every error a caller may want to catch."""


class SiteError(KlipingError):
    """A site definition cannot be used."""


class LanguageError(KlipingError):
    """A language pack is malformed; the message names file and line."""


class FetchError(KlipingError):
    """A page could not be fetched; the library's own error is the `__cause__`.

    `not_before` is set if the server asked for a longer wait than one run can afford; the wait applies to the whole
    host. `retry_after_s` is the wait it asked for, in seconds. `capture` is the answer of a bot wall, kept as evidence.
    """

    def __init__(
        self,
        url: str,
        reason: Reason,
        detail: str = "",
        *,
        status: int | None = None,
        attempts: int = 1,
        bytes_seen: int | None = None,
        redirects: tuple[Redirect, ...] = (),
        not_before: datetime | None = None,
        retry_after_s: float | None = None,
        capture: Capture | None = None,
    ) -> None:
        super().__init__(f"{url}: {reason.value}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s
        self.status = status
        self.attempts = attempts
        self.bytes_seen = bytes_seen
        self.redirects = redirects
        self.not_before = not_before
        self.capture = capture

    @property
    def is_transient(self) -> bool:
        """Whether a retry in a later run has a chance."""
        return self.reason in TRANSIENT


class ExtractError(KlipingError):
    """A page is not an article (`not_article`, `soft_404` …) or cannot be read (`unparsable`, `not_html`)."""

    def __init__(self, url: str | None, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{url or 'page'}: {reason.value}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[ExtractError], tuple[str | None, Reason, str]]:
        """A reading process sends this error back as part of its result."""
        return type(self), (self.url, self.reason, self.detail)


class DiscoverError(KlipingError):
    """A feed, sitemap or index page cannot be read."""

    def __init__(self, url: str, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{url}: {reason.value}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail


class SystemLimit(KlipingError):
    """This machine does not give the process what it needs: no page is to blame, and the run ends."""


def is_out_of_files(error: BaseException | None) -> bool:
    """Whether an error, or one that caused it, means that no more files can be opened."""
    for _ in range(10):
        if error is None:
            return False
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            return True
        error = error.__cause__ or error.__context__
    return False


class NetworkDown(SystemLimit):
    """The proxy that every request goes through is missing, or rejects us: no publisher is to blame."""


class WorkerError(SystemLimit):
    """No process can be started to read pages: a fault of the machine, which says nothing about any page."""


class PackageChanged(SystemLimit):
    """The package was changed on disk while a program was running from it: the result says nothing about any page."""


class ExtraMissing(KlipingError):
    """The request needs libraries that come with an extra."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra {extra!r}: pip install 'kliping[{extra}]'")


class AlertError(KlipingError):
    """An alert is not there, is malformed or cannot be kept; the message names the file."""


class SearchError(KlipingError):
    """A saved search is not there, is malformed or cannot be kept; the message names the file."""


class CodingError(KlipingError):
    """A sheet of codes, or the description of the codes, cannot be used; the message names file and place."""


class ExchangeError(KlipingError):
    """An export cannot be made, or what is to be imported cannot be read."""


class ClusterError(KlipingError):
    """A cluster cannot be reached."""


class PlanError(KlipingError):
    """A schedule's plan file cannot be carried out."""


class ArchiveError(KlipingError):
    """The archive cannot be opened, read or written."""


class ArchiveLocked(ArchiveError):
    """Another crawl holds the archive."""


class ArchiveDamaged(ArchiveError):
    """Not an archive of ours, corrupt, or written by a newer kliping."""


class ArchiveFull(ArchiveError):
    """The disk is full or failing; the last commit is intact."""


class ArchiveRefused(ArchiveError):
    """The request cannot be carried out on this archive, although nothing is wrong with it: the wrong target, or the
    wrong run.
    """


class ArchiveSlow(ArchiveError):
    """A question took longer than its time limit."""
