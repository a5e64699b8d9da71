"""The bad moments of servers, of names and of our own network; each is drawn for some hours of some paper."""

from __future__ import annotations

import gzip
import hashlib
import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from benchmarks.season.papers import DAY, HOUR, article, feed, front, url_of
from tests.faults import CLOSES, RESET
from tests.faultserver import hold, redirect, response

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.season.papers import Paper, Story
    from tests.faultserver import Answer

# page: some article pages of a paper. site: all it answers. The others: that one thing. ours: every name, for us.
Where = Literal["page", "site", "feed", "sitemap", "front", "robots", "name", "ours"]
CONSENT_HOST = "persetujuan.example"
PORTAL = "127.7.2.1"  # where a captive portal lets every name lead


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a server in a bad moment; `story` is None if it is not for an article, `good` is the normal answer."""

    paper: Paper
    path: str
    now: float
    story: Story | None
    good: bytes  # the body
    media_type: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bad moment: whom it hits, and the answer it causes (None: `resolve` says what happens)."""

    name: str
    where: Where
    answer: Callable[[Asked], Answer] | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One bad moment: from when to when (seconds since START), of which paper, and which share of its pages.

    One that no request has met by then goes on until one does.
    """

    kind: Kind
    host: str  # "" for one in our own network
    since: float
    until: float
    share: float
    salt: str

    def can_hit(self, host: str, path: str) -> bool:
        """Whether a request is one of those that it spoils while it lasts."""
        if self.host and self.host != host:
            return False
        return self.kind.where != "page" or _share_of(self.salt + path) < self.share


def _share_of(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32


def _status(status: str, **headers: str) -> Callable[[Asked], Answer]:
    body = (
        f"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr></body></html>".encode()
    )
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _asked: response(body, status=status, headers=fields)


# Each is a whole page of a paper, with enough words to be taken for an article.
WALLS = {
    "login": "Silakan masuk untuk melanjutkan membaca di situs kami. Akun Anda aman dan dapat dipakai di semua perangkat. "
    "Belum punya akun? Daftar sekarang dan nikmati ribuan berita pilihan redaksi setiap hari tanpa batas apa pun.",
    "consent": "Kami dan para mitra kami menyimpan kuki di perangkat Anda untuk menampilkan iklan yang sesuai. "
    "Dengan menekan tombol setuju, Anda mengizinkan pengolahan data pribadi menurut kebijakan privasi kami yang baru.",
    "maintenance": "Situs sedang dalam pemeliharaan terjadwal. Tim kami bekerja keras agar layanan segera kembali normal. "
    "Terima kasih atas kesabaran Anda, silakan kembali lagi dalam beberapa jam untuk membaca berita terbaru dari kami.",
    "captcha": "Buktikan bahwa Anda bukan robot dengan memilih semua gambar yang memuat lampu lalu lintas di bawah ini. "
    "Lalu lintas yang tidak biasa terdeteksi dari jaringan komputer Anda sehingga pemeriksaan ini diperlukan sebentar.",
    "challenge": "Memeriksa peramban Anda sebelum mengakses situs. Proses ini berjalan otomatis dalam beberapa detik. "
    "Aktifkan JavaScript dan kuki agar halaman dapat dimuat ulang dan Anda diteruskan ke alamat yang Anda tuju semula.",
    "too many": "Terlalu banyak permintaan dari alamat Anda. Mohon tunggu beberapa saat sebelum mencoba kembali membuka halaman. "
    "Batas kunjungan per menit diterapkan demi kenyamanan semua pembaca setia yang membuka situs pada waktu bersamaan.",
    "soft 404": "Halaman yang Anda cari tidak ditemukan atau telah dipindahkan. Periksa kembali alamat yang Anda ketik. "
    "Anda juga dapat memakai kotak pencarian atau kembali ke beranda untuk melihat berita terkini dari seluruh daerah.",
    "portal": "Selamat datang di jaringan nirkabel kampus. Masukkan nomor induk dan kata sandi untuk memakai internet. "
    "Dengan masuk ke jaringan ini Anda menyetujui tata tertib penggunaan komputer yang berlaku di lingkungan universitas.",
    "error": "Terjadi kesalahan saat memproses permintaan Anda di sisi peladen kami. Laporan telah dikirim kepada tim teknis. "
    "Muat ulang halaman beberapa menit lagi, atau hubungi layanan pembaca jika masalah ini masih terus berlanjut lama.",
}  # fmt: skip


def wall_page(name: str, *, paper: str = "", is_form: bool = False) -> bytes:
    """A wall as a page with status 200."""
    paragraphs = "".join(f"<p>{part.strip()}.</p>" for part in WALLS[name].strip(".").split(". "))
    form = "<form method='post' action='/masuk'><input name='u'><input name='p' type='password'><button>Masuk</button></form>"
    return (
        f"<!DOCTYPE html><html lang='id'><head><meta charset='utf-8'><title>{paper or 'Perhatian'}</title></head><body>"
        f"<main><article><h1>{WALLS[name].partition('.')[0]}</h1>{paragraphs}{form if is_form else ''}</article></main></body></html>"
    ).encode()


def _wall(name: str, *, status: str = "200 OK", is_form: bool = False, **headers: str) -> Callable[[Asked], Answer]:
    fields = {key.replace("_", "-"): value for key, value in headers.items()}

    def answer(asked: Asked) -> Answer:
        return response(wall_page(name, paper=asked.paper.name, is_form=is_form), status=status, headers=fields)

    return answer


def _sent(
    edit: Callable[[bytes], bytes], *, media_type: str | None = None, length: str | None = None, **more: str
) -> Callable[[Asked], Answer]:
    """The normal answer, with its bytes changed on the way."""

    def answer(asked: Asked) -> Answer:
        body = edit(asked.good)
        fields = {
            "Content-Type": media_type or asked.media_type,
            **{key.replace("_", "-"): value for key, value in more.items()},
        }
        return response(body, headers=fields | ({"Content-Length": length} if length is not None else {}))

    return answer


def _half(body: bytes) -> bytes:
    return body[: len(body) * 11 // 20]


def _half_of_length(asked: Asked) -> Answer:
    return response(_half(asked.good), length=len(asked.good), headers={"Content-Type": asked.media_type})


def _stale(asked: Asked) -> Answer:
    """A cache that has kept the first version."""
    if asked.story is None:
        return response(asked.good, headers={"Content-Type": asked.media_type})
    return response(article(asked.paper, asked.story, asked.now, asked.story.versions[0]).encode())


def _teaser(asked: Asked) -> Answer:
    """The first paragraph, and an offer to subscribe."""
    if asked.story is None:
        return response(asked.good, headers={"Content-Type": asked.media_type})
    texts = [text.encode() for text in asked.story.version(asked.now).paragraphs[1:]]
    body = asked.good
    for text in texts:
        body = body.replace(b"<p>" + text + b"</p>", b"")
    return response(
        body.replace(b"</main>", b"<div class='paywall'>Berlangganan untuk membaca selengkapnya</div></main>")
    )


def _home(asked: Asked) -> Answer:
    return response(front(asked.paper, asked.now).encode())


def _to(location: str) -> Callable[[Asked], Answer]:
    return lambda _asked: redirect(location)


def _loop(asked: Asked) -> Answer:
    return (
        redirect(asked.path + ("&" if "?" in asked.path else "?") + "ulang=1")
        if "ulang=1" not in asked.path
        else redirect(asked.path.replace("?ulang=1", "").replace("&ulang=1", ""))
    )


def _no_items(asked: Asked) -> Answer:
    head, _, _ = asked.good.partition(b"<item>" if b"<item>" in asked.good else b"<url>")
    end = b"</channel></rss>" if b"<rss" in asked.good else b"</urlset>"
    return response(head.removesuffix(end) + end, headers={"Content-Type": asked.media_type})


def _marked(mark: str) -> Callable[[Asked], Answer]:
    """The feed with something at the end of every link."""
    return lambda asked: response(
        feed(asked.paper, asked.now, mark=mark).encode(), headers={"Content-Type": "application/rss+xml"}
    )


def _marked_front(mark: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        text = front(asked.paper, asked.now)
        for story in asked.paper.listed(asked.now):
            path = url_of(asked.paper, story, asked.now).partition(".example")[2]
            text = text.replace(f"href='{path}'", f"href='{path}{mark}'")
        return response(text.encode())

    return answer


def _twin(asked: Asked) -> Answer:
    """A feed that lists the same articles under http and under the other of www and no www."""
    host = asked.paper.host_at(asked.now)
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    text = feed(asked.paper, asked.now).replace(f"<link>https://{host}/", f"<link>http://{other}/")
    return response(text.encode(), headers={"Content-Type": "application/rss+xml"})


_WARNING = b"<br />\n<b>Warning</b>:  Undefined variable $rows in <b>/var/www/inc/db.php</b> on line <b>42</b><br />\n"
_FATAL = (
    b"<br />\n<b>Fatal error</b>:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in "
    b"/var/www/html/inc/db.php:17\nStack trace:\n#0 {main}\n  thrown in <b>/var/www/html/inc/db.php</b> on line <b>17</b><br />\n"
)
_DB = b"<html><head><title>Database Error</title></head><body><h1>Error establishing a database connection</h1></body></html>"
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

KINDS: tuple[Kind, ...] = (
    *(Kind(status.partition(" ")[0], "page", _status(status)) for status in (
        "404 Not Found", "408 Request Timeout", "410 Gone", "421 Misdirected Request", "425 Too Early", "499 Client Closed",
        "401 Unauthorized", "403 Forbidden", "451 Unavailable For Legal Reasons", "500 Internal Server Error", "502 Bad Gateway",
        "504 Gateway Timeout",
    )),
    Kind("404 of all", "site", _status("404 Not Found")),
    Kind("410 of all", "site", _status("410 Gone")),
    Kind("500 of all", "site", _status("500 Internal Server Error")),
    Kind("429 with Retry-After", "site", _status("429 Too Many Requests", Retry_After="1800")),
    Kind("too many requests, 200", "page", _wall("too many")),
    Kind("empty answer", "page", lambda _asked: response(b"")),
    Kind("empty answer of all", "site", lambda _asked: response(b"")),
    Kind("PHP error, 200", "page", lambda _asked: response(_FATAL)),
    Kind("PHP error of all, 200", "site", lambda _asked: response(_FATAL)),
    Kind("PHP warning before the page", "page", _sent(lambda body: _WARNING + body)),
    Kind("database error, 200", "page", lambda _asked: response(_DB)),
    Kind("error page in the site's frame, 200", "page", _wall("error")),
    Kind("maintenance, 200", "site", _wall("maintenance")),
    Kind("maintenance, 503", "site", _wall("maintenance", status="503 Service Unavailable", Retry_After="3600")),
    Kind("login, 200", "page", _wall("login", is_form=True)),
    Kind("login by redirect", "page", _to("/masuk")),
    Kind("consent, 200", "page", _wall("consent", is_form=True)),
    Kind("consent by redirect", "site", _to(f"https://{CONSENT_HOST}/setuju")),
    Kind("CAPTCHA, 200", "page", _wall("captcha", is_form=True)),
    Kind("challenge, 200", "page", _wall("challenge")),
    Kind("challenge, 403", "site", _wall("challenge", status="403 Forbidden", cf_mitigated="challenge")),
    Kind("home page by redirect", "page", _to("/")),
    Kind("home page, 200", "page", _home),
    Kind("soft 404", "page", _wall("soft 404")),
    Kind("teaser", "page", _teaser),
    Kind("old copy", "page", _stale),
    Kind("half, by closing", "page", _sent(_half, length="")),
    Kind("half, of a length", "page", _half_of_length),
    Kind("half of gzip", "page", _sent(lambda body: _half(gzip.compress(body, mtime=0)), length="", Content_Encoding="gzip")),
    Kind("wrong charset", "page", _sent(lambda body: body, media_type="text/html; charset=iso-8859-1")),
    Kind("wrong type", "page", _sent(lambda _body: _PNG, media_type="image/png")),
    Kind("JSON", "page", lambda _asked: response(b'{"error": "internal"}', headers={"Content-Type": "application/json"})),
    Kind("redirect loop", "page", _loop),
    Kind("redirect to nothing", "page", lambda _asked: response(b"", status="302 Found")),
    Kind("reset", "page", lambda _asked: RESET),
    Kind("closed without a word", "site", lambda _asked: CLOSES),
    Kind("not HTTP", "page", lambda _asked: b"\x15\x03\x01\x00\x02\x02\x46"),
    Kind("slow", "feed", lambda _asked: hold),
    Kind("robots, 500", "robots", _status("500 Internal Server Error")),
    Kind("robots, gone", "robots", _status("404 Not Found")),
    Kind("robots forbids all", "robots", lambda _asked: response(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"})),
    Kind("robots to consent", "robots", _to(f"https://{CONSENT_HOST}/setuju")),
    Kind("feed, 404", "feed", _status("404 Not Found")),
    Kind("feed, 410", "feed", _status("410 Gone")),
    Kind("feed cut", "feed", _sent(lambda body: body[: len(body) * 2 // 3])),
    Kind("feed with a PHP warning", "feed", _sent(lambda body: _WARNING + body)),
    Kind("feed without items", "feed", _no_items),
    Kind("feed of a wrong charset", "feed", _sent(lambda body: body, media_type="application/rss+xml; charset=utf-16")),
    Kind("feed is a page", "feed", _home),
    Kind("feed with session ids", "feed", _marked("?PHPSESSID=7f3a9c1e4b8d2f60")),
    Kind("feed with campaign", "feed", _marked("?utm_source=rss&amp;kw=terkini")),
    Kind("feed of twins", "feed", _twin),
    Kind("sitemap, 404", "sitemap", _status("404 Not Found")),
    Kind("sitemap, 500", "sitemap", _status("500 Internal Server Error")),
    Kind("sitemap cut", "sitemap", _sent(lambda body: body[: len(body) * 2 // 3])),
    Kind("sitemap without items", "sitemap", _no_items),
    Kind("front page, 503", "front", _status("503 Service Unavailable")),
    Kind("front page empty", "front", lambda _asked: response(b"<html><body></body></html>")),
    Kind("front page with widget parameters", "front", _marked_front("?ref=beranda-3")),
    Kind("name does not resolve", "name"),
    Kind("name leads to a private address", "name"),
    Kind("connection refused", "name"),
    Kind("our resolver fails", "ours"),
    Kind("our resolver says 0.0.0.0", "ours"),
    Kind("our resolver says 127.0.0.1", "ours"),
    Kind("our network is unreachable", "ours"),
    Kind("captive portal", "ours"),
)  # fmt: skip


def draw(
    hosts: Sequence[str], days: float, *, per_paper: float, ours: int, hours: float, least: float, seed: int
) -> list[Moment]:
    """Bad moments at random times of a season, about so many for each paper; every kind in its turn.

    Half of them last longer than `hours`, a few many times that; those of our own
    network an hour or two. `ours` is how often each of those comes; `least` is
    the least share of a paper's pages that one of them spoils.
    """
    chance = random.Random(f"{seed} moments")
    theirs = [kind for kind in KINDS if kind.where != "ours"]
    wanted = max(round(per_paper * len(hosts)), len(theirs))
    deck: list[Kind] = []
    while len(deck) < wanted:
        # Those that hit the same thing go to different papers, where they do not hide each other.
        deck += sorted(chance.sample(theirs, len(theirs)), key=lambda kind: kind.where)
    found = []
    for number, kind in enumerate(deck[:wanted]):
        # What is requested once a day is hit late.
        latest = 0.4 if kind.where in ("robots", "sitemap") else 0.75
        since = chance.uniform(0.3, latest * days) * DAY
        longest = 6 * HOUR if kind.name == "slow" else 40 * HOUR
        length = min(chance.lognormvariate(math.log(hours), 0.8) * HOUR, longest)
        share = chance.choice((least, (1 + least) / 2, 1.0))
        host = hosts[number % len(hosts)]
        found.append(Moment(kind, host, since, since + length, share, f"{seed} {number}"))
    for kind in KINDS:
        if kind.where == "ours":
            for _ in range(ours):
                since = chance.uniform(0.3, 0.95 * days) * DAY
                found.append(Moment(kind, "", since, since + chance.uniform(1, 4) * HOUR, 1.0, ""))
    return sorted(found, key=lambda moment: moment.since)
