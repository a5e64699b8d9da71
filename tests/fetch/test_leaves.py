"""The parts of fetching that need no server: pacing, retries, the guard, bodies, robots, failures."""

from __future__ import annotations

import asyncio
import errno
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.charsets import decode
from scraper.errors import FetchError, Reason, SystemLimit
from scraper.fetch import errors
from scraper.fetch.circuit import DOWN_FAILURES, Lane
from scraper.fetch.classify import bot_wall, is_wrong_kind
from scraper.fetch.errors import InvalidURL
from scraper.fetch.failures import as_fetch_error, reason_of
from scraper.fetch.guard import GuardError, is_public
from scraper.fetch.hosts import Hosts
from scraper.fetch.response_body import BodyError, BodyReader
from scraper.fetch.retry import MAX_NOT_BEFORE, is_worth_retrying, retried, retry_after_s
from scraper.fetch.robots import rules_of, verdict_of
from scraper.fetch.settings import parse_allow_net, user_agent
from scraper.fetch.target import target_of
from scraper.records import RobotsFile
from tests.virtualtime import VirtualClock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def starts(hosts: Hosts, clock: VirtualClock, url: str, count: int) -> list[float]:
    times = []

    async def go() -> None:
        for _ in range(count):
            async with hosts.turn(url):
                times.append(clock.seconds)

    asyncio.run(go())
    return times


def test_requests_to_one_publisher_start_a_delay_apart() -> None:
    clock = VirtualClock()
    hosts = Hosts(2.0, clock=clock)
    assert starts(hosts, clock, "https://a.contoh.co.id/1", 3) == [0.0, 2.0, 4.0]
    assert starts(hosts, clock, "https://b.contoh.co.id/1", 1) == [6.0], "a sub-domain is the same publisher"
    assert starts(hosts, clock, "https://lain.co.id/1", 1) == [6.0], "another publisher does not wait"


@pytest.mark.parametrize(
    ("asked", "kept"), [(5.0, 5.0), (1.0, 2.0), (float("nan"), 2.0), (float("inf"), 2.0), (-3.0, 2.0), (None, 2.0)]
)
def test_crawl_delay_is_honoured_upwards_only(asked: float | None, kept: float) -> None:
    hosts = Hosts(2.0)
    hosts.crawl_delay("https://contoh.id/", asked)
    assert hosts.of("https://contoh.id/").interval_s == kept


def test_overload_slows_down_and_good_answers_recover() -> None:
    hosts = Hosts(2.0)
    url = "https://contoh.id/"
    hosts.troubled(url, is_overload=True)
    assert hosts.of(url).interval_s == 4.0
    for _ in range(20):
        hosts.answered(url, 0.1)
    assert hosts.of(url).interval_s == 2.0


def test_a_slow_publisher_is_asked_less_often() -> None:
    hosts = Hosts(1.0)
    for _ in range(30):
        hosts.answered("https://contoh.id/", 2.0)
    assert hosts.of("https://contoh.id/").interval_s == pytest.approx(8.0)


def test_a_long_crawl_delay_is_kept_whole() -> None:
    hosts = Hosts(2.0)
    hosts.crawl_delay("https://contoh.id/", 1200.0)
    hosts.answered("https://contoh.id/", 0.1)
    hosts.troubled("https://contoh.id/", is_overload=True)
    assert hosts.of("https://contoh.id/").interval_s >= 1200.0


def test_what_is_learned_from_an_answer_acts_on_the_next_request() -> None:
    clock = VirtualClock()
    hosts = Hosts(2.0, clock=clock)
    assert starts(hosts, clock, "https://contoh.id/", 1) == [0.0]
    hosts.crawl_delay("https://contoh.id/", 7.0)
    assert starts(hosts, clock, "https://contoh.id/", 1) == [7.0]
    hosts.troubled("https://contoh.id/", is_overload=True)
    assert starts(hosts, clock, "https://contoh.id/", 1) == [21.0]


def test_retries_of_a_publisher_are_a_budget() -> None:
    clock = VirtualClock()
    hosts = Hosts(0.0, clock=clock)
    url = "https://contoh.id/"
    assert [hosts.may_retry(url) for _ in range(12)] == [True] * 10 + [False] * 2
    starts(hosts, clock, url, 20)
    assert [hosts.may_retry(url) for _ in range(3)] == [True, True, False]
    assert hosts.may_retry("https://lain.id/")


def test_attempts_do_not_park_a_publisher() -> None:
    hosts = Hosts(1.0)
    for _ in range(3 * DOWN_FAILURES):
        hosts.troubled("https://contoh.id/")
    assert hosts.parked_s("https://contoh.id/") == 0.0


def test_failures_in_a_row_park_a_publisher_longer_each_time() -> None:
    clock = VirtualClock()
    hosts = Hosts(1.0, clock=clock)
    parked = []
    for _ in range(3):
        for _ in range(DOWN_FAILURES):
            hosts.failed("https://contoh.id/", Lane(is_article=True, is_retry=False), is_down=True)
        parked.append(hosts.parked_s("https://contoh.id/"))
        clock.seconds += parked[-1]
    assert parked == [900.0, 1800.0, 3600.0]


@given(st.text(max_size=40))
def test_retry_after_never_raises_and_is_bounded(value: str) -> None:
    seconds = retry_after_s(value, NOW)
    assert seconds is None or 0 < seconds <= MAX_NOT_BEFORE.total_seconds()


def test_retry_after_in_both_forms() -> None:
    assert retry_after_s("120", NOW) == 120.0
    assert retry_after_s(format_datetime(NOW + timedelta(minutes=5)), NOW) == 300.0
    assert retry_after_s(format_datetime(NOW - timedelta(minutes=5)), NOW) is None
    assert retry_after_s("0", NOW) is None
    assert retry_after_s(None, NOW) is None


@pytest.mark.parametrize(
    "ahead", [timedelta(days=-400), timedelta(hours=-3), timedelta(0), timedelta(hours=3), timedelta(days=400)]
)
def test_a_retry_after_date_counts_from_the_servers_own_clock(ahead: timedelta) -> None:
    there = NOW + ahead
    assert retry_after_s(format_datetime(there + timedelta(minutes=5)), NOW, date=format_datetime(there)) == 300.0
    assert retry_after_s(format_datetime(there - timedelta(minutes=5)), NOW, date=format_datetime(there)) is None
    assert retry_after_s("300", NOW, date=format_datetime(there)) == 300.0


@pytest.mark.parametrize("date", ["", "besok", "0", "Mon, 99 Jan 2026 00:00:00 GMT"])
def test_a_date_that_is_none_leaves_our_clock(date: str) -> None:
    assert retry_after_s(format_datetime(NOW + timedelta(minutes=5)), NOW, date=date) == 300.0


def test_only_what_may_pass_is_retried() -> None:
    assert is_worth_retrying(FetchError("u", Reason.RESET), max_wait_s=60)
    assert is_worth_retrying(FetchError("u", Reason.SERVER_ERROR, status=503, retry_after_s=30), max_wait_s=60)
    assert not is_worth_retrying(FetchError("u", Reason.RATE_LIMITED, status=429, retry_after_s=61), max_wait_s=60)
    assert not is_worth_retrying(FetchError("u", Reason.GONE, status=404), max_wait_s=60)
    assert not is_worth_retrying(asyncio.CancelledError(), max_wait_s=60)


@pytest.mark.parametrize(
    ("raised", "attempts", "waits"),
    [
        ([Reason.RESET, Reason.RESET], 3, 2),  # the third brings the page
        ([Reason.RESET] * 3, 3, 2),
        ([Reason.GONE], 1, 0),
        ([Reason.RESET, Reason.GONE], 2, 1),
    ],
)
def test_work_is_tried_again_as_often_as_may_be(raised: list[Reason], attempts: int, waits: int) -> None:
    left, slept, asked = list(raised), [], []

    async def work() -> str:
        asked.append(1)
        if left:
            raise FetchError("u", left.pop(0))
        return "page"

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    try:
        assert asyncio.run(retried(work, 3, max_wait_s=60, sleep=sleep)) == "page"
        assert attempts > len(raised)
    except FetchError as error:
        assert error.reason is raised[-1]
        assert attempts == len(raised)
    assert (len(asked), len(slept)) == (attempts, waits)
    assert all(1 <= seconds <= 2**number for number, seconds in enumerate(slept))


def test_work_is_not_tried_again_beyond_its_publishers_budget_nor_when_it_is_cancelled() -> None:
    async def work() -> None:
        raise FetchError("u", Reason.RESET)

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def sleep(_seconds: float) -> None:
        raise AssertionError("nothing to wait for")

    with pytest.raises(FetchError):
        asyncio.run(retried(work, 3, max_wait_s=60, sleep=sleep, may_retry=lambda: False))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(retried(cancelled, 3, max_wait_s=60, sleep=sleep))


@pytest.mark.parametrize(
    "url",
    [
        "https://contoh.co.id/2026/03/berita-1/?page=2&x=%C3%A9", "http://contoh.id:8080/a", "http://contoh.id:80/", "https://contoh.id:443/a",
        "http://127.0.0.1:4000/a", "http://contoh.id/a b", "http://contoh.id/é?q=ü", "http://contoh.id/%zz", "http://[::1]:80/x", "http://CONTOH.id/",
        "http://xn--bcher-kva.example/", "http://contoh.id", "http://contoh.id/?", "http://contoh.id/a?b=c#d", 'http://contoh.id/"<>`{}|^', "http://a.0x1f/x",
        "http://contoh.id/a//b/;c=1,2?x=/?y='z'", "http://user:pass@contoh.id/", "http://localhost:99/", "http://a_b.contoh.id/", "http://contoh.id:99999/",
        "http://-contoh-.id/", "http://127.0.0.1.contoh.id/*",
    ],
)  # fmt: skip
def test_a_url_is_sent_as_httpx_would_send_it(url: str) -> None:
    try:
        whole = httpx.URL(url)
    except httpx.InvalidURL:
        with pytest.raises(InvalidURL):
            target_of(url)
        return
    target = target_of(url)
    assert (target.scheme, target.host, target.port) == (whole.scheme, whole.raw_host.decode(), whole.port)
    assert target.path == whole.raw_path
    assert target.netloc == whole.netloc.decode()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::",
        "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:0:1:1:1:1:80ff:fffe",
        "fe80::1%eth0", "::7f00:1", "fec0::1", "3fff::1", "not an address",
    ],
)  # fmt: skip
def test_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.28.15.1", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_address_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_one_it_carries(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@given(st.binary(max_size=5000), st.integers(1, 700), st.sampled_from(["gzip", "deflate", "x-gzip", None, "identity"]))
def test_a_body_comes_whole_however_it_is_cut(body: bytes, size: int, encoding: str | None) -> None:
    wire = (
        gzip.compress(body)
        if encoding in ("gzip", "x-gzip")
        else zlib.compress(body)
        if encoding == "deflate"
        else body
    )
    reader = BodyReader(encoding, 1 << 20, 1 << 20)
    for start in range(0, len(wire), size):
        reader.feed(wire[start : start + size])
    assert reader.finish() == body


@given(st.binary(min_size=200, max_size=3000), st.integers(1, 190))
def test_a_cut_compressed_body_is_never_whole(body: bytes, missing: int) -> None:
    wire = gzip.compress(body)
    reader = BodyReader("gzip", 1 << 20, 1 << 20)
    reader.feed(wire[:-missing])
    with pytest.raises(BodyError):
        reader.finish()


def test_raw_deflate_is_read_too() -> None:
    pack = zlib.compressobj(wbits=-15)
    reader = BodyReader("deflate", 1 << 20, 1 << 20)
    reader.feed(pack.compress(b"halo dunia" * 50) + pack.flush())
    assert reader.finish() == b"halo dunia" * 50


def test_every_error_of_the_wire_has_a_reason() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 10
    for kind in kinds:
        assert reason_of(kind()) is not None, kind


def test_an_unknown_error_is_a_bug_not_a_crash() -> None:
    assert as_fetch_error("https://contoh.id/", KeyError("x")).reason is Reason.BUG


def test_robots_verdicts_follow_the_standard() -> None:
    assert [verdict_of(status) for status in (200, 301, 404, 403, 429, 500, 503)] == [
        "rules", "allow_all", "allow_all", "allow_all", "disallow_all", "disallow_all", "disallow_all",
    ]  # fmt: skip


def test_the_longest_match_wins_and_groups_are_ours() -> None:
    body = b"User-agent: *\nDisallow: /\n\nUser-agent: kliping\nDisallow: /a\nAllow: /a/b$\nCrawl-delay: 7\n"
    rules = rules_of(
        RobotsFile(origin="https://contoh.id", fetched_at=NOW, status=200, verdict="rules", body=body), None
    )
    assert [rules.allows(f"https://contoh.id{path}") for path in ("/", "/a", "/a/b", "/a/bc")] == [
        True,
        False,
        True,
        False,
    ]
    assert rules.crawl_delay_s == 7.0


def test_what_stands_after_500_kib_of_robots_is_not_read() -> None:
    body = b"User-agent: *\nDisallow: /x\n" + b"#" * 512_000 + b"\nDisallow: /\n"
    rules = rules_of(
        RobotsFile(origin="https://contoh.id", fetched_at=NOW, status=200, verdict="rules", body=body), None
    )
    assert rules.allows("https://contoh.id/y")
    assert not rules.allows("https://contoh.id/x")


def test_a_last_good_copy_that_is_too_old_does_not_help() -> None:
    failed = RobotsFile(origin="https://contoh.id", fetched_at=NOW, status=500, verdict="disallow_all")
    good = RobotsFile(origin="https://contoh.id", fetched_at=NOW - timedelta(days=8), status=404, verdict="allow_all")
    assert not rules_of(failed, good).allows("https://contoh.id/")
    assert rules_of(
        failed,
        RobotsFile(origin="https://contoh.id", fetched_at=NOW - timedelta(days=6), status=404, verdict="allow_all"),
    ).allows("https://contoh.id/")


def test_a_wall_is_told_by_its_structure_not_by_words() -> None:
    assert bot_wall(403, {"cf-mitigated": "challenge"}, b"") == "Cloudflare"
    assert bot_wall(200, {}, b"<p>Tunggu</p><script>window._cf_chl_opt={}</script>") == "Cloudflare"
    assert (
        bot_wall(200, {}, b"<div>Kabar</div><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>")
        is None
    )
    story = b"<div>" + b"kabar dari desa " * 50 + b"</div><script src='https://geo.captcha-delivery.com/x.js'></script>"
    assert bot_wall(200, {}, story) is None, "a page that has a text is not a wall, whatever it loads"
    assert bot_wall(429, {"server": "AkamaiGHost"}, b"") is None
    assert (
        bot_wall(200, {"server": "cloudflare"}, b"<article><p>Cloudflare lumpuh, kata captcha.</p></article>") is None
    )
    assert bot_wall(403, {"server": "nginx"}, b"<p>Forbidden</p>") is None


def test_a_gzipped_sitemap_is_no_wrong_kind() -> None:
    assert is_wrong_kind("sitemap", "application/gzip", b"\x1f\x8b\x08") is None
    assert is_wrong_kind("article", "text/html", b"\x1f\x8b\x08") is not None
    assert is_wrong_kind("article", "image/jpeg", b"") == "image/jpeg"


@pytest.mark.parametrize("charset", ["utf-16le", "utf-16be"])
def test_utf_16_without_a_mark_is_a_page(charset: str) -> None:
    page = "<!DOCTYPE html><meta charset=utf-16><title>Kabar Desa</title><p>Banjir</p>".encode(charset)
    assert is_wrong_kind("article", "text/html", page) is None
    assert "Kabar Desa" in decode(page, "utf-8").text
    assert is_wrong_kind("article", "text/html", bytes(range(256)) * 4) == "binary data"


def test_a_few_control_characters_do_not_make_a_page_binary() -> None:
    for page in (
        b"<!DOCTYPE html><p>Desa\0</p>",
        b"\0<html><p>" + b"Desa itu ramai. " * 20,
        b"<p>" + b"Kabar\0 dari desa yang ramai. " * 40,
    ):
        assert is_wrong_kind("article", "text/html", page) is None
    for data in (b"\0\0\0 ftypmp42", bytes(range(256)) * 4, b"<html>" + bytes(900)):
        assert is_wrong_kind("article", "text/html", data) == "binary data"


def test_a_huge_json_is_told_without_reading_it() -> None:
    assert is_wrong_kind("article", "text/html", b"[" + b"[]," * 700_000 + b"[]]") == "JSON"


def test_json_is_no_article_and_may_be_a_feed() -> None:
    assert is_wrong_kind("article", "application/json", b"{}") == "application/json"
    assert is_wrong_kind("article", "text/html", b' {"judul": ["a"]} ') == "JSON"
    assert is_wrong_kind("article", "text/html", b"{judul} [kabar]") is None
    assert is_wrong_kind("feed", "application/json", b'{"items": []}') is None


def test_a_clipped_body_keeps_what_came_first() -> None:
    for wire, encoding in ((b"abc" * 1000, None), (gzip.compress(b"abc" * 1000), "gzip")):
        reader = BodyReader(encoding, 1 << 20, 100, True)
        reader.feed(wire)
        assert reader.is_full
        assert reader.finish() == (b"abc" * 34)[:100]


def test_settings_are_read_as_a_person_writes_them() -> None:
    assert parse_allow_net("127.0.0.1:80") == ("127.0.0.1", 80)
    assert parse_allow_net("[::1]:8080") == ("::1", 8080)
    for wrong in ("127.0.0.1", "127.0.0.1:0", "127.0.0.1:x", ""):
        with pytest.raises(ValueError, match="ADDRESS:PORT"):
            parse_allow_net(wrong)
    assert user_agent("1.0", "https://contoh.id/riset") == "kliping/1.0 (+https://contoh.id/riset)"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_no_more_open_files_are_never_blamed_on_a_page(number: int) -> None:
    wrapped = errors.ConnectError("all attempts failed")
    wrapped.__cause__ = GuardError(Reason.DNS, "x")
    wrapped.__cause__.__context__ = OSError(number, "Too many open files")
    for error in (OSError(number, "Too many open files"), wrapped):
        with pytest.raises(SystemLimit):
            as_fetch_error("https://contoh.id/", error)
