"""Whether it is this machine's network that fails, rather than the papers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

# How an attempt ends when nothing gets through, or when a resolver or a captive portal answers for everybody.
OUT_OF_REACH = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.BLOCKED_ADDRESS, Reason.PROXY})
CAPTIVE_STATUS = 511  # Network Authentication Required (RFC 6585): only a network's own gate sends it
MANY = 3  # publishers that fail alike while nobody answers


def our_fault(failing: Mapping[str, Reason], *, asked: int, known: int = 0, reached: int = 0) -> str | None:
    """Why it is our network, in words; None if that is not certain.

    `failing` are the publishers that have been out of reach since anybody last answered, `asked` is the number of
    publishers in the whole run. Of `known` others, which answered before, `reached` could be connected to just now: the
    second sign. If there are no others, several publishers must fail alike, or all of them have addresses that are not
    public, as from a resolver that answers 0.0.0.0 or its own address for every name.
    """
    if not failing or reached:
        return None
    are_all = len(failing) >= asked
    is_blocked = set(failing.values()) == {Reason.BLOCKED_ADDRESS}
    if not known and len(failing) < MANY and not (are_all and (len(failing) > 1 or is_blocked)):
        return None
    reasons = ", ".join(sorted({reason.value for reason in failing.values()}))
    others = f", and {known} others that answered before cannot be reached either" if known else ""
    return f"the network of this machine, or its resolver, seems to fail: {_count(len(failing))} ({reasons}){others}"


def our_gate(same: int, *, asked: int, well: int = 0, known: int = 0, others: int = 0) -> str | None:
    """Why it is a gate of our network (a captive portal) that answers for everybody, in words; None if that is not
    certain.

    `same` publishers gave one page, which is not an article, since anybody last answered differently; `asked` is the
    number of publishers in the whole run, `well` how many of the `same` answered well on an earlier day. Of `known`
    others, which answered before, `others` gave something else just now. One host that hides itself, or two that are
    parked at one company, are not enough.
    """
    if same < 2 or others:
        return None
    if not known and not (same >= asked and (same >= MANY or well)):
        return None
    rest = f", and so do {known} others that answered before" if known else ""
    return (
        f"the network of this machine seems to have a gate in front of it: {same} publishers give the same page{rest}"
    )


def _count(publishers: int) -> str:
    return (
        "nothing of the one publisher is within reach"
        if publishers == 1
        else f"{publishers} publishers are out of reach"
    )
