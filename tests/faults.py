"""Every fault with which crawls are tested: what the server does, the outcome, and its row in docs/reliability.md.

Each fault is a newspaper of its own with a feed of three articles, the middle
one (or robots.txt, or another listing) at fault.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import zstandard

from tests.faultserver import (
    PAGE,
    Request,
    bomb,
    drip_body,
    drip_headers,
    endless,
    flush,
    hold,
    redirect,
    response,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faultserver import Answer

FAULTY = "/berita/100002/halaman-yang-sedang-rusak"
BEFORE = "/berita/100001/tetangga-yang-baik-saja"
AFTER = "/berita/100003/tetangga-lain-yang-baik"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`routes` replace those of a healthy paper; `outcome` is that of the URL at fault, None for one never asked for.

    `spreads` says that the whole paper has the fault, or is left alone because
    of it; `also` are more URLs to crawl; in them and in `url`, ORIGIN stands
    for the paper's.
    """

    name: str
    row: str
    outcome: str | None
    routes: dict[str, Answer] = field(default_factory=dict)
    url: str = FAULTY
    spreads: bool = False
    also: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether nothing but a limit of time ends it."""
        slow: set[Answer] = {hold, silent_body, drip_headers, drip_body, drip_trailers, drip_interim}
        return not slow.isdisjoint(self.routes.values()) or self.url.startswith("https:")


def page(text: str = "", *, head: str = "") -> bytes:
    """An article page with something in it."""
    return PAGE.replace(b"</head>", head.encode() + b"</head>").replace(b"</article>", text.encode() + b"</article>")


def paper(address: str, port: int) -> dict[str, Answer]:
    """A healthy newspaper: a feed of three articles."""
    items = "".join(f"<item><link>http://{address}:{port}{path}</link></item>" for path in (BEFORE, FAULTY, AFTER))
    feed = f"<rss version='2.0'><channel><title>Koran</title>{items}</channel></rss>".encode()
    own = {path: response(PAGE.replace(b"berita uji", path.encode())) for path in (BEFORE, FAULTY, AFTER)}
    return {"/feed.xml": response(feed, headers={"Content-Type": "application/rss+xml"}), **own}


async def drip_trailers(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhallo\r\n0\r\n")
    while not writer.is_closing():
        writer.write(b"X-Slow: 1\r\n")
        await flush(writer)
        await asyncio.sleep(0.02)


async def drip_interim(_request: Request, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await flush(writer)
        await asyncio.sleep(0.02)


async def silent_body(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>")
    await asyncio.sleep(3600)


async def endless_headers(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        writer.write(b"X-%d: %s\r\n" % (number, b"y" * 50))
    await asyncio.sleep(3600)


async def endless_chunks(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        await flush(writer)


def _abort(writer: asyncio.StreamWriter) -> None:
    """Send RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def reset(_request: Request, writer: asyncio.StreamWriter) -> None:
    _abort(writer)


async def reset_in_body(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>")
    await writer.drain()
    await asyncio.sleep(0.05)
    _abort(writer)


async def closes(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def flapping(request: Request, writer: asyncio.StreamWriter) -> None:
    """Good and bad in turn."""
    writer.write(response() if request.count % 2 else response(b"", status="500 Oops"))


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + body + end


def encoded(name: str, body: bytes) -> bytes:
    return response(body, headers={"Content-Encoding": name})


def headed(line: bytes, body: bytes = PAGE) -> bytes:
    """An answer with one more line in its head."""
    return response(body).replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)


def rules(path: bytes, *, encoding: str, pack: Callable[[bytes], bytes] = bytes) -> bytes:
    return encoded(encoding, pack(b"User-agent: *\nDisallow: " + path + b"\n"))


def _pages(row: str, outcome: str, **answers: Answer) -> Iterator[Fault]:
    for name, answer in answers.items():
        yield Fault(name=name, row=row, outcome=outcome, routes={FAULTY: answer})


def _robots(outcome: str, row: str, **answers: Answer) -> Iterator[Fault]:
    for name, answer in answers.items():
        routes = {"/robots.txt": answer, "/r2.txt": response(b"User-agent: *\nDisallow: /\n")}
        routes |= dict.fromkeys(("/r2.html", "/r2.html?kembali=%2Frobots.txt", "/login"), response())
        yield Fault(
            name=f"robots_{name}", row=row, outcome=outcome, routes=routes, url="/feed.xml", spreads=outcome != "ok"
        )


def _redirects(row: str, outcome: str, **locations: str) -> Iterator[Fault]:
    for name, location in locations.items():
        yield Fault(name=f"to_{name}", row=row, outcome=outcome, routes={FAULTY: redirect(location)})


def _statuses(row: str, outcome: str, *statuses: str) -> Iterator[Fault]:
    for status in statuses:
        answer = response(b"<p>no</p>", status=f"{status} Status")
        yield Fault(name=f"status_{status}", row=row, outcome=outcome, routes={FAULTY: answer})


def _retry_after(*, parks: bool, **values: str) -> Iterator[Fault]:
    for name, value in values.items():
        answer = response(b"", status="429 Too Many", headers={"Retry-After": value})
        yield Fault(
            name=f"retry_after_{name}",
            row="429, Retry-After in seconds or as a date",
            outcome="rate_limited",
            routes={FAULTY: answer},
            spreads=parks,
        )


def _charsets(*labels: str) -> Iterator[Fault]:
    for label in labels:
        answer = response(headers={"Content-Type": f"text/html; charset={label}"})
        yield Fault(name=f"charset_{label[:12]}", row="charset that does not exist or is none", outcome="ok", routes={FAULTY: answer})  # fmt: skip


def _listings(row: str, outcome: str, **answers: tuple[str, Answer]) -> Iterator[Fault]:
    for name, (path, answer) in answers.items():
        yield Fault(name=name, row=row, outcome=outcome, routes={path: answer}, url=path, also=(f"ORIGIN{path}",))


def feed(entry: str = "", *, doctype: str = "", link: str = BEFORE) -> bytes:
    """A feed of one article, and what else is put into it."""
    return response(
        f"<?xml version='1.0'?>{doctype}<rss version='2.0'><channel><title>K</title><item><link>{link}</link></item>{entry}</channel></rss>".encode(),
        headers={"Content-Type": "application/rss+xml"},
    )


def _chain(hops: int) -> dict[str, Answer]:
    paths = [FAULTY, *(f"/hop/{number}" for number in range(hops))]
    return {path: redirect(after) for path, after in pairwise(paths)}


DEEP = b"<div>" * 200_000
FORMATTING = b"<p>" + b"<p><font color=red><i>" * 2_500
TABLES = b"<table><tr><td>" * 50_000
ATTRIBUTES = b"<p " + b" ".join(b"a%d=1" % number for number in range(15_000)) + b">isi</p>"
LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {n} '{'&' + m + ';' * 1}{('&' + m + ';') * 9}'>" for m, n in ("ab", "bc"))
    + "]>"
)
WALL = b"<html><head><script>window._cf_chl_opt={cType:'managed'};</script></head><body>Just a moment</body></html>"
SHELL = b"<html><head><title>App</title></head><body><div id='root'></div><script src=/a.js></script></body></html>"
SOFT_404 = b"<html><head><title>Halaman tidak ditemukan</title></head><body><h1>404</h1><p>Halaman tidak ditemukan.</p></body></html>"
GZIP = zipped()

SLOW = "headers or body drip, or no answer ever comes"
BROKEN = "nobody listens, TLS fails, the connection breaks"
CUT = "body cut short (length, chunks, gzip)"
BIG = "gzip that unpacks to more than the limit, endless body"
ENCODING = "encoding that is broken, or that was not requested"
NO_ENCODING = "encoding that is none, said twice or followed by junk"
HEAD = "a line in a head that is not a header"
ADDRESS = "redirect or link to an address that is not public, in any spelling"
SCHEME = "redirect to another scheme"
LOOP = "redirect loop, too many, without a target"
MARKUP = "markup without end or depth"
FEED = "feed or sitemap that is malformed, hostile or leads to itself"
ROBOTS_NO = "robots.txt answers 5xx, 429 or not at all"
ROBOTS_WALL = "robots.txt that leads to a consent or login page"
ROBOTS_YES = "robots.txt that is missing, forbidden, endless or no robots.txt"

RESET: Answer = reset
CLOSES: Answer = closes

FAULTS: tuple[Fault, ...] = (
    *_pages(
        SLOW, "deadline", drip_headers=drip_headers, drip_body=drip_body, drip_trailers=drip_trailers,
        drip_interim=drip_interim, never_answers=hold, silent_body=silent_body,
    ),
    *_pages(BROKEN, "reset", reset=reset, reset_in_body=reset_in_body, closes=closes),
    *_pages(
        CUT, "truncated", cut_length=response(PAGE, length=len(PAGE) + 100), cut_chunk=chunked(PAGE[:100], end=b"ff\r\nx"),
        cut_before_last_chunk=chunked(PAGE, end=b""), cut_gzip=encoded("gzip", GZIP[:-20]),
        cut_deflate=encoded("deflate", zlib.compress(PAGE)[:-8]),
    ),
    *_pages(
        BIG, "too_big", gzip_bomb=encoded("gzip", bomb()), deflate_bomb=encoded("deflate", bomb(wbits=15)),
        endless_body=endless, endless_chunks=endless_chunks, huge_length=response(length=1 << 40),
    ),
    *_pages(
        ENCODING, "bad_encoding", gzip_broken=encoded("gzip", b"\x1f\x8b\x08\x00" + b"junk" * 9), gzip_lie=encoded("gzip", PAGE),
        brotli_bomb=encoded("br", b"\x5b\xff\xff\x3f\x00" * 100), zstd_bomb=encoded("zstd", zstandard.compress(bytes(50 << 20))),
        zstd_in_gzip=encoded("gzip, zstd", zstandard.compress(GZIP)), thrice=encoded("gzip, gzip, gzip", gzip.compress(GZIP)),
    ),
    *_pages(
        NO_ENCODING, "ok", encoding_charset=encoded("UTF-8", PAGE), encoding_none=encoded("none", PAGE), encoding_unknown=encoded("x-rahasia", PAGE),
        encoding_unsaid=encoded("binary", GZIP), gzip_twice=encoded("gzip, gzip", gzip.compress(GZIP)), gzip_once_of_two=encoded("gzip, gzip", GZIP),
        gzip_as_deflate=encoded("deflate", GZIP), gzip_junk=encoded("gzip", GZIP + b"<!-- 0.21 s -->"), deflate_junk=encoded("deflate", zlib.compress(PAGE) + b"\r\n"),
    ),
    *_robots(
        "ok", NO_ENCODING, encoding_charset=rules(b"/lain", encoding="UTF-8"), encoding_none=rules(b"/lain", encoding="none"),
        gzip_junk=rules(b"/lain", encoding="gzip", pack=lambda body: zipped(body) + b"\n"),
    ),
    *_pages(
        HEAD, "ok", head_no_colon=headed(b"X-Powered-By ASP"), head_space=headed(b"get-ban of forum.php: none"), head_blank=headed(b"Content-Language : id"),
        head_slash=headed(b"a/b.php: 1"), head_nul=headed(b"X-A: 1\x002"), head_tab=headed(b"X-A: 1\x0b2"), head_fold_first=headed(b" lanjutan"),
        head_lower=response().replace(b"HTTP/1.1 200 OK", b"http/1.1 200 ok"), head_http2=response().replace(b"HTTP/1.1 200 OK", b"HTTP/2 200"),
        head_late=b"\r\n\r\n" + response(), head_after_interim=b"HTTP/1.1 103 Early Hints\r\nLink x\r\n\r\n" + headed(b"X Y Z"),
        trailer_no_colon=chunked(PAGE, end=b"0\r\nX-Sum none\r\n\r\n"), trailer_blanks=chunked(PAGE, end=b"0\r\nX-Sum:" + b" " * 90_000 + b"\0\r\n\r\n"),
    ),
    *_robots("ok", HEAD, head_no_colon=headed(b"X-Powered-By ASP", b"User-agent: *\nDisallow: /lain\n")),
    *_pages(
        "a control character in a page", "ok", nul=response(page("<p>Desa\0 itu\0 ramai.</p>")), nul_early=response(PAGE.replace(b"<html", b"\0<html", 1)),
        escape=response(page("<p>\x1b[31mMerah\x07</p>")),
    ),
    *_pages(
        "an answer that is not HTTP", "protocol", not_http=b"SSH-2.0-OpenSSH_9.2\r\n", endless_headers=endless_headers,
        two_lengths=b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        bad_status=b"HTTP/1.1 99999 Ya\r\n\r\n", status_204=response(b"", status="204 No Content"),
    ),
    *_pages("a 304 to an unconditional request", "bad_304", status_304=response(b"", status="304 Not Modified")),
    *_pages(
        "a picture, a PDF, JSON instead of a page", "not_html",
        pdf=response(b"%PDF-1.7 " + bytes(900), headers={"Content-Type": "application/pdf"}),
        png=response(b"\x89PNG\r\n\x1a\n" + bytes(900)), json=response(b'{"isi": [1, 2]}'),
    ),
    *_statuses("404, 410", "gone", "404", "410"),
    *_statuses("401, 403, 451", "denied", "401", "403", "451"),
    *_statuses("another 4xx", "client_error", "400", "405", "418"),
    *_statuses("5xx", "server_error", "500", "502", "504", "599"),
    *_pages("5xx", "server_error", flapping_down=response(b"", status="503 Busy")),
    *_pages(
        "a bot wall answers instead of the site", "blocked", wall_script=response(WALL), wall_503=response(WALL, status="503 Busy"),
        wall_header=response(b"<p>no</p>", status="403 No", headers={"cf-mitigated": "challenge"}),
    ),
    *_pages("a bot wall answers instead of the site", "ok", news_about_walls=response(page("<p>Cloudflare dan captcha: Access denied, kata berita ini.</p>"))),
    *_retry_after(parks=True, long="3600", date="Fri, 01 Jan 2100 00:00:00 GMT", huge="99999999999999999999"),
    *_retry_after(parks=False, past="Fri, 01 Jan 1999 00:00:00 GMT", negative="-5", zero="0", nan="nan", words="sebentar", exponent="1e9", empty=" "),
    *_redirects(LOOP, "redirect_loop", itself=FAULTY, itself_with_fragment=f"{FAULTY}#a"),
    Fault(name="loop_of_two", row=LOOP, outcome="redirect_loop", routes={FAULTY: redirect("/b"), "/b": redirect(FAULTY)}),
    Fault(name="chain_of_20", row=LOOP, outcome="redirect_limit", routes=_chain(20)),
    *_redirects(
        LOOP, "bad_redirect", nowhere="", half_address="http://[::1", port_99999="http://127.1.0.1:99999/",
        long="/" + "x" * 10_000, control="http://ev\x01il/", no_host="http:///berita", no_host_either="///berita", no_host_at_all="https://",
        host_and_port="koran.example:8080/x",
    ),
    *_pages(LOOP, "bad_redirect", two_locations=response(b"", status="302 Found", headers={"Location": "/a\r\nLocation: /b"})),
    *_pages("404, 410", "gone", same_location_twice=response(b"", status="302 Found", headers={"Location": "/a\r\nLocation: /a"})),
    *_redirects(SCHEME, "blocked_scheme", ftp="ftp://127.1.0.1/x", file="file:///etc/passwd", javascript="javascript:alert(1)", data="data:text/html,x", gopher="gopher://127.1.0.1/", s3="s3://koran/berita", view_source="view-source:http://koran.example/", intent="intent://x#Intent;end"),
    *_redirects(
        ADDRESS, "blocked_address", private="http://10.0.0.1/", metadata="http://169.254.169.254/latest", loopback="http://127.0.0.2/",
        decimal="http://2130706433/", hexadecimal="http://0x7f000001/", octal="http://017700000001/", short="http://127.1/",
        zero="http://0.0.0.0/", v6="http://[::1]/", v6_mapped="http://[::ffff:127.0.0.1]/", v6_mapped_hex="http://[::ffff:7f00:1]/",
        nat64="http://[64:ff9b::7f00:1]/", shared="http://100.64.0.1/", localhost="http://localhost/", name="http://dalam.example/",
        half_public="http://separuh.example/", userinfo="http://koran.example@127.0.0.2/", port_25="http://93.184.216.34:25/",
    ),
    *_charsets("utf-7", "base64", "zlib", "rot_13", "idna", "undefined", "utf-32", "x" * 9_000, "%00", "unicode_escape", '"'),
    *_robots("ok", ROBOTS_YES, status_404=response(b"", status="404 No"), status_403=response(b"", status="403 No"), html=response(), binary=response(bytes(range(256)) * 100), huge=response(b"Disallow: /\n" * 60_000), bomb=encoded("gzip", bomb()), bom=response(b"\xef\xbb\xbfUser-agent: *\nDisallow: /lain\n"), loop=redirect("/robots.txt"), bad_delay=response(b"User-agent: *\nCrawl-delay: nan\nCrawl-delay: -3\n")),
    *_robots("robots", "robots.txt forbids the URL", all=response(b"User-agent: *\nDisallow: /\n"), ours=response(b"User-agent: *\nAllow: /\n\nUser-agent: Kliping\nDisallow: /\n"), after_redirect=redirect("/r2.txt"), version=response(b"User-agent: kliping/0.1\nDisallow: /\n\nUser-agent: *\nDisallow:\n"), utf_16=response("User-agent: *\nDisallow: /\n".encode("utf-16")), utf_16_unmarked=response("User-agent: *\nDisallow: /\n".encode("utf-16le"))),
    *_robots("ok", ROBOTS_YES, others=response(b"User-agent: k\nUser-agent: klip\nUser-agent: kliping-lain/2\nDisallow: /\n"), front_page=redirect("/r2.html")),
    *_robots("robots_unreachable", ROBOTS_WALL, consent=redirect("/r2.html?kembali=%2Frobots.txt"), login=redirect("/login")),
    *_robots("robots_unreachable", ROBOTS_NO, status_500=response(b"", status="500 Oops"), status_429=response(b"", status="429 Slow"), status_503=response(b"", status="503 Busy"), hold=hold, reset=reset, drip=drip_body, not_http=b"220 ftp\r\n", cut=encoded("gzip", GZIP[:-20])),
    *_pages('page says "not found" with status 200', "soft_404", soft_404=response(SOFT_404)),
    *_pages("page that only scripts would fill", "js_shell", js_shell=response(SHELL)),
    *_pages("page without a text", "not_article", empty=response(b""), blank=response(b" \n "), one_word=response(b"halo")),
    *_pages(MARKUP, "unparsable", deep_div=response(DEEP), attributes=response(ATTRIBUTES)),
    *_pages(MARKUP, "not_article", deep_tables=response(TABLES), formatting=response(FORMATTING)),
    Fault(name="no_tls", row=BROKEN, outcome="robots_unreachable", url="https://ORIGIN/x-100009", also=("https://ORIGIN/x-100009",)),
    Fault(name="refused", row=BROKEN, outcome="connect", url="http://tutup.example:8080/x-100009", also=("http://tutup.example:8080/x-100009",)),
    Fault(name="no_name", row="the name does not resolve, or the resolver does not answer", outcome="dns", url="http://tidak-ada.example/x-100009", also=("http://tidak-ada.example/x-100009",)),
    *_listings(
        FEED, "unparsable", feed_cut=("/jelek.xml", response(b"<rss version='2.0'><channel><item><link>http://")),
        feed_deep=("/jelek.xml", response(b"<rss version='2.0'>" + b"<a>" * 200_000)), feed_empty=("/jelek.xml", response(b"", headers={"Content-Type": "text/xml"})),
    ),
    *_listings(BIG, "too_big", sitemap_bomb=("/sitemap.xml", response(bomb(b"<urlset>")))),
    *_listings("a picture, a PDF, JSON instead of a page", "not_html", feed_binary=("/jelek.xml", response(b"<rss>" + bytes(range(256)) * 10))),
    *_listings(
        FEED, "ok", feed_dates=("/jelek.xml", feed("<pubDate>Besok, 99 Nol 99999</pubDate>")), feed_schemes=("/jelek.xml", feed("<item><link>javascript:alert(1)</link></item>", link="file:///etc/passwd")),
        feed_laughs=("/jelek.xml", feed("&c;", doctype=LAUGHS)), feed_entity=("/jelek.xml", feed("&x;", doctype="<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")),
        sitemap_of_itself=("/sitemap.xml", response(b"<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap></sitemapindex>")),
    ),
    *_listings("page of a million links", "too_big", million_links=("/indeks/", response(b"<a href=/b>b</a>" * 1_000_000))),
    *_listings("page of a million links", "ok", many_links=("/indeks/", response(b"".join(b"<a href=/berita/%d/judul-berita-nomor-%d>Judul berita nomor %d</a>" % (n, n, n) for n in range(200_000, 240_000))))),
    *_pages("page that calls another one its canonical", "ok", canonical_neighbour=response(page(head=f"<link rel=canonical href='{AFTER}'>")), canonical_foreign=response(page(head="<link rel=canonical href='https://koran.example/x'>")), canonical_scheme=response(page(head="<link rel=canonical href='javascript:1'>"))),
)  # fmt: skip
