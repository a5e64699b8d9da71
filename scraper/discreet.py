"""Which headers and arguments are kept: never a password, a session, or the address of whoever runs the crawl. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.urls import without_userinfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Headers = tuple[tuple[str, str], ...]

# Words in the name of a header whose value opens or reveals a session.
_SESSION_WORDS = frozenset(
    "cookie cookie2 session sessionid sid sess token auth authentication authorization authenticate csrf xsrf nonce secret credential"
    " credentials jwt apikey password passwd otp".split()
)
_SESSION_PAIRS = ("api-key", "access-key", "session-id", "request-verification")
_ABOUT = ("access-control-", "www-authenticate")  # they say what is allowed or required
_WORD = re.compile(r"[^-_.]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_PARTS = re.compile(r"[/?#]")
_IN_ARGUMENT = re.compile(r"(?<=//)[^/?#]*@")
_PERSONAL = ("--contact", "--user-agent")


@lru_cache(maxsize=512)  # the same few names come with every answer
def is_session(name: str) -> bool:
    """Whether a header of this name carries something that belongs to one visitor."""
    known = name.lower()
    if known.startswith(_ABOUT):
        return False
    return not _SESSION_WORDS.isdisjoint(_WORD.findall(known)) or any(pair in known for pair in _SESSION_PAIRS)


def kept_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers of an answer as they are kept: all names, no session value, no password in an address."""
    return tuple((name, "" if is_session(name) else without_userinfo(value)) for name, value in headers)


def kept_request(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers of a request as they are kept: like those of an answer, without the requester's identity."""
    return tuple((name, _asker(name.lower(), value)) for name, value in kept_headers(headers))


def _asker(name: str, value: str) -> str:
    if name == "from":
        return ""
    return product(value) if name == "user-agent" else value


def product(user_agent: str) -> str:
    """A User-Agent without its comments and addresses: "kliping/0.1 (+https://contoh.id)" is "kliping/0.1"."""
    words = _BRACKETS.sub(" ", user_agent).split()
    return " ".join(word for word in words if "@" not in word and "://" not in word)


def kept_arguments(arguments: Sequence[str]) -> str:
    """A command line as it is kept: without passwords, and without what `runs.agent` holds."""
    kept, is_personal = [], False
    for argument in arguments:
        name, equals, rest = argument.partition("=") if argument.startswith("--") else ("", "", argument)
        if is_personal or (equals and name in _PERSONAL):
            rest = "…"
        is_personal = argument in _PERSONAL
        kept.append(name + equals + _without_credentials(_IN_ARGUMENT.sub("", rest)))
    return " ".join(kept)


def _without_credentials(address: str) -> str:
    """An address without "//" (contoh.id:80) without the user and password before its host."""
    before, at, host = address.rpartition("@")
    if not at or not host.rstrip("/") or _PARTS.search(host.removesuffix("/")):
        return address
    begins = max((each.end() for each in _PARTS.finditer(before)), default=0)
    return before[:begins] + host if ":" in before[begins:] else address
