"""What happened to one URL, what was concluded from which evidence, and what comes next: in one paragraph."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scraper.plan import CLAIMS
from scraper.plan.evidence import ladder_of
from scraper.reasons import Reason

_FORMAT = "%Y-%m-%d %H:%M"


def story(found: dict[str, Any]) -> str:
    """The paragraph, made from the result of `archive.ask.history.why`."""
    place = f"on {found['found_on']}" if found["found_on"] else "by hand or from the catalogue"
    return " ".join(
        filter(None, (f"Found on {_day(found['found_at'])} {place}.", _happened(found), _named(found), _next(found)))
    )


def _happened(found: dict[str, Any]) -> str:
    attempts = found["attempts"]
    if not attempts:
        return "It has not been requested yet."
    last = attempts[-1]
    times = "once" if len(attempts) == 1 else f"{len(attempts)} times"
    text = f"Requested {times}, last at {_time(last['at'])}: {_outcome(last)}."
    failed = _failed_in_a_row(attempts)
    if len(failed) > 1:
        reasons = ", ".join(dict.fromkeys(_outcome(each) for each in failed))
        days = len({each["at"][:10] for each in failed})
        text += f" That makes {len(failed)} attempts in a row, on {days} day{'s' * (days > 1)}, that did not end well ({reasons})."
    if found["articles"]:
        text += f" It was read as article {', '.join(map(str, found['articles']))}, which is kept whatever its page does now."
    return text


def _named(found: dict[str, Any]) -> str:
    if found["named_at"] is None:
        return ""
    return f"A listing last named it on {_day(found['named_at'])}{_on(found['named_on'])}."


def _on(url: str | None) -> str:
    return f" ({url})" if url else ""


def _next(found: dict[str, Any]) -> str:
    queued = found["queued"]
    if queued is None:
        if found["given_up_at"] is not None:
            return (
                f"It was given up on {_day(found['given_up_at'])}, on this evidence: {found['given_up_why']}."
                " It is requested again when a listing names it, or by `kliping queue retry`."
            )
        return "It is not queued: its looks are over, or it was dropped; `kliping queue retry` requests it again."
    text = f"It is requested next at {_time(queued['due_at'])}{_interval(found)}."
    if queued["run"] is not None:
        text = f"It is being requested right now (run {queued['run']})."
    return f"{text} {_what_it_takes(found)}".rstrip()


def _interval(found: dict[str, Any]) -> str:
    seconds = found["queued"]["interval_s"]
    return f", {seconds // 60} min after the look before" if seconds and found["kind"] != "article" else ""


def _what_it_takes(found: dict[str, Any]) -> str:
    """Why a URL in trouble has not been given up, or what would have to be seen first."""
    failed = _failed_in_a_row(found["attempts"])
    if not failed:
        return ""
    if found["kind"] != "article":
        return "Nothing is concluded: a feed, sitemap or index page is never given up."
    if found["elsewhere"]:
        kept = found["elsewhere"]
        return (
            f"Nothing is concluded: its article continues at {kept['url']}, which last answered well at {_time(kept['at'])};"
            " this address is only looked at now and then, in case it comes back."
        )
    if found["articles"]:
        return "Nothing is concluded: an article that was read once is never given up."
    reason = Reason(failed[-1]["reason"])
    if CLAIMS[reason] == "ours":
        return (
            "Nothing is concluded: the proxy's rule says nothing of the page."
            if reason is Reason.PROXY
            else "Nothing is concluded: the error is kliping's, not the page's."
        )
    ladder = ladder_of(reason, failed[-1]["status"])
    return (
        f"Nothing is concluded yet: it would be given up when looks on {ladder.looks} days, over {ladder.span.days} or more,"
        " agree while its site answers well otherwise and no listing names it."
    )


def _failed_in_a_row(attempts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    failed: list[dict[str, Any]] = []
    for attempt in reversed(attempts):
        if CLAIMS[Reason(attempt["reason"])] == "well":
            break
        failed.append(attempt)
    return failed[::-1]


def _outcome(attempt: dict[str, Any]) -> str:
    status = f" (HTTP {attempt['status']})" if attempt["status"] else ""
    return f"{attempt['reason']}{status}"


def _time(text: str) -> str:
    return f"{datetime.fromisoformat(text):{_FORMAT}} UTC"


def _day(text: str) -> str:
    return text[:10]
