"""robots.txt: whatever it contains, there is an answer; what a failure means depends on what was known before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robots import LAST_GOOD_FOR, RECHECK, RECHECK_UNREACHABLE, Rules, is_detour, rules_of, verdict_of
from scraper.records import RobotsFile

if TYPE_CHECKING:
    from scraper.records import RobotsVerdict

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "https://contoh.id"

words = st.sampled_from([
    "User-agent:", "Disallow:", "Allow:", "Crawl-delay:", "Sitemap:", "Host:", "Request-rate:", "Visit-time:", "kliping", "*", "$", "/",
    "/a", "%", "%zz", "%E2%82", "[", "(", "\\", "://", "http://[", "1/0", "0600-0845", "nan", "-1", "1e999", "\n", "\r", "\x00", "\ufeff", "#", "?",
])  # fmt: skip
lines = st.lists(words | st.text(max_size=5), max_size=30).map(" ".join)


def rules(body: bytes) -> Rules:
    return rules_of(RobotsFile(origin=ORIGIN, fetched_at=NOW, status=200, verdict="rules", body=body), None)


def failed(hours: float = 0) -> RobotsFile:
    return RobotsFile(
        origin=ORIGIN, fetched_at=NOW + timedelta(hours=hours), status=503, verdict="disallow_all", detail="HTTP 503"
    )


@given(lines.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=300), st.text(max_size=20))
def test_any_file_gives_an_answer(body: bytes, path: str) -> None:
    found = rules(body)
    assert found.allows(f"{ORIGIN}/{path}") in (True, False)
    assert found.crawl_delay_s is None or isinstance(found.crawl_delay_s, float)
    assert all(isinstance(url, str) for url in found.sitemaps)


@pytest.mark.parametrize(
    ("body", "allowed", "forbidden"),
    [
        (b"", "/x", None),
        (b"User-agent: *\nDisallow:\n", "/x", None),
        (b"User-agent: *\nDisallow: /\n", None, "/x"),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /x\n", "/y", "/x"),
        (b"User-agent: KLIPING\nDisallow: /x\n", "/y", "/x"),
        (b"User-agent: kliping-other\nDisallow: /\n", "/x", None),
        (b"User-agent: kliping/0.1\nDisallow: /x\n\nUser-agent: *\nDisallow: /y", "/y", "/x"),
        (b"User-agent: Kliping 2.0 (berita)\nDisallow: /x", "/y", "/x"),
        (b"User-agent: kliping*\nDisallow: /x", "/y", "/x"),
        (b"user agent kliping\nDisallow: /x", "/y", "/x"),
        (b"User-agent: k\nUser-agent: klip\nUser-agent: kliping_2\nUser-agent: xkliping\nDisallow: /", "/x", None),
        (b"User-agent: * # semua\nDisallow: /x", "/y", "/x"),
        (b"User-agent:\nDisallow: /", "/x", None),
        ("User-agent: *\nDisallow: /x\n".encode("utf-16"), "/y", "/x"),
        (b"\xfe\xff" + "User-agent: *\nDisallow: /x\n".encode("utf-16be"), "/y", "/x"),
        ("User-agent: *\nDisallow: /x\n".encode("utf-16be"), "/y", "/x"),
        (b"User-agent: a\nUser-agent: kliping\nUser-agent: b\nDisallow: /x", "/y", "/x/y"),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf?x", "/a.pdf"),
        (b"User-agent: *\r\nDisallow: /x # reason\r\n", "/y", "/x"),
        (b"User-agent: *\nDisallow: /x\nAllow: /x\n", "/x", None),
        (b"User-agent: *\nDisallow: /caf\xc3\xa9\n", "/cafe", "/caf%C3%A9"),
        (b"<!DOCTYPE html><title>404</title><p>Tidak ditemukan</p>", "/x", None),
        (b"User-agent: *\nDisallow: /x\xff\xfe\nDisallow: /y\n", "/z", "/y"),
    ],
)
def test_rules(body: bytes, allowed: str | None, forbidden: str | None) -> None:
    found = rules(body)
    assert allowed is None or found.allows(ORIGIN + allowed)
    assert forbidden is None or not found.allows(ORIGIN + forbidden)


@pytest.mark.parametrize(
    ("line", "seconds"), [(b"7", 7.0), (b"0.5", 0.5), (b"", None), (b"sepuluh", None), (b"1 # s", 1.0)]
)
def test_crawl_delay_of_our_group(line: bytes, seconds: float | None) -> None:
    assert rules(b"User-agent: *\nCrawl-delay: " + line + b"\n").crawl_delay_s == seconds
    assert rules(b"User-agent: other\nCrawl-delay: " + line + b"\n").crawl_delay_s is None


def test_sitemaps_are_named_in_order_whoever_the_group_is_for() -> None:
    found = rules(b"Sitemap: https://contoh.id/1.xml\nUser-agent: other\nDisallow: /\nsitemap: https://contoh.id/2.xml")
    assert found.sitemaps == ("https://contoh.id/1.xml", "https://contoh.id/2.xml")


@given(st.integers(100, 599))
def test_every_status_has_a_verdict(status: int) -> None:
    assert verdict_of(status) in ("rules", "allow_all", "disallow_all")
    if status >= 500:
        assert verdict_of(status) == "disallow_all"


@pytest.mark.parametrize(("verdict", "allows"), [("allow_all", True), ("disallow_all", False)])
def test_a_verdict_without_rules(verdict: RobotsVerdict, *, allows: bool) -> None:
    found = rules_of(RobotsFile(origin=ORIGIN, fetched_at=NOW, status=404, verdict=verdict), None)
    assert found.allows(f"{ORIGIN}/x") is allows
    assert (found.crawl_delay_s, found.sitemaps) == (None, ())


def test_an_answer_holds_for_a_day_and_a_failure_for_an_hour() -> None:
    assert rules(b"").expires_at == NOW + RECHECK
    assert rules_of(failed(), None).expires_at == NOW + RECHECK_UNREACHABLE


def test_the_last_good_copy_bridges_exactly_its_week() -> None:
    good = RobotsFile(origin=ORIGIN, fetched_at=NOW, status=200, verdict="rules", body=b"User-agent: *\nDisallow: /no")
    week = LAST_GOOD_FOR / timedelta(hours=1)
    bridged = rules_of(failed(week - 1), good)
    assert bridged.is_stale
    assert bridged.expires_at == NOW + timedelta(hours=week - 1) + RECHECK_UNREACHABLE
    assert (bridged.allows(f"{ORIGIN}/yes"), bridged.allows(f"{ORIGIN}/no")) == (True, False)
    assert not rules_of(failed(week), good).allows(f"{ORIGIN}/yes")


def test_names_of_others_do_not_multiply_with_the_rules() -> None:
    """Half a megabyte may hold ten thousand names and ten thousand rules: each name had a copy of each rule."""
    names = b"".join(b"User-agent: bot%d\n" % number for number in range(12_000))
    found = rules(names + b"Disallow: /x\n" * 12_000 + b"User-agent: *\nDisallow: /y\n")
    assert found.parsed is not None
    assert len(found.parsed._user_agents) == 2
    assert (found.allows(f"{ORIGIN}/x"), found.allows(f"{ORIGIN}/y")) == (True, False)


PAGE = b"\n<!DOCTYPE html><html><body><p>Setujui kuki</p></body></html>"


@pytest.mark.parametrize(
    ("reached", "content_type", "body", "is_wall"),
    [
        ("https://contoh.id/kuki?next=%2Frobots.txt", "text/html", PAGE, True),
        ("https://contoh.id/kuki?next=https%253A%252F%252Fcontoh.id%252Frobots.txt", None, PAGE, True),
        ("https://kuki.example/", "text/html", PAGE, True),
        ("https://contoh.id/privacy-wall", "text/html", PAGE, True),
        ("https://contoh.id/", "text/html", PAGE, False),
        ("https://contoh.id/404.html", "text/html", PAGE, False),
        ("https://contoh.id/r.txt?from=robots.txt", "text/html", b"User-agent: *\nDisallow: /x", False),
        ("https://cdn.example/robots.txt", "text/plain", b"User-agent: *\nDisallow: /x", False),
    ],
)
def test_a_wall_before_robots_txt_is_told_by_two_signs(
    reached: str, content_type: str | None, body: bytes, *, is_wall: bool
) -> None:
    assert is_detour(ORIGIN, reached, content_type, body) is is_wall
