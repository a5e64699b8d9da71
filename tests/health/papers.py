"""Ten papers made from the project's own fixtures: real markup, generated sentences, one page for each day and number."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive.file import lookup
from scraper.archive.file.articles import SiteRow
from scraper.archive.write import frontier, save
from scraper.archive.write.pageresult import PageResult
from scraper.cli.fixture_files import load_expected
from scraper.errors import ExtractError
from scraper.extract import extract_capture
from scraper.reasons import Reason
from scraper.records import Capture, Link, Outcome
from scraper.sites.registry import find_portal
from scraper.typed import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.file.library import Archive

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
PAPERS = (
    "pontianak.tribunnews.com/2026-07-20-pengrajin-anyaman",
    "kalbaronline.com/2026-03-04-sekolah-kebun",
    "www.bantennews.co.id/2025-02-11-petani-uji-padi-apung",
    "www.suarakalbar.co.id/2024-08-18-perpustakaan-perahu",
    "www.liputan6.com/2026-07-24-rumah-tenun",
    "www.merdeka.com/2026-07-20-perpustakaan-gerobak",
    "health.detik.com/2023-11-02-dokter-puskesmas",
    "tirto.id/2026-07-11-kampung-jam",
    "regional.kompas.com/",
    "www.jpnn.com/2021-07-18-angkot-lansia",
)
WORDS = (
    "warga desa membangun jembatan bambu di hulu sungai sejak awal musim hujan tahun ini para nelayan memasang lampu di dermaga"
    " kelompok tani menanam padi di sawah lebak petugas puskesmas membuka layanan malam guru sekolah dasar mengajar membaca di balai"
    " kampung pasar ikan pindah ke lapangan baru pemuda memperbaiki jalan setapak ibu rumah tangga merajut tas anyaman pandan"
).split()
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
SHORT_MONTHS = "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split()
WEEKDAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()


@dataclass(frozen=True)
class Original:
    """A fixture: its page, and what is printed on it."""

    html: str
    record: dict[str, Any]
    url: str

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.record["published_at"])


@cache
def original(name: str) -> Original:
    case = FIXTURES / name
    if name.endswith("/"):
        case = max(each for each in case.iterdir() if (each / "article.json").exists())
    record = load_expected(case)
    capture = json.loads((case / "capture.json").read_text("utf-8"))
    return Original((case / "page.html").read_text("utf-8"), record, capture["final_url"])


def sentence(rng: random.Random, words: int) -> str:
    text = " ".join(rng.choice(WORDS) for _ in range(words))
    return f"{text[0].upper()}{text[1:]}."


def issue(name: str, at: datetime, number: int) -> tuple[str, str]:
    """(url, page): the fixture's page with another headline, text and date."""
    source = original(name)
    rng = random.Random(f"{name} {at:%Y%m%d} {number}")
    headline = sentence(rng, 7)[:-1].title()
    swaps = {source.record["headline"]: headline}
    if source.record["lede"]:
        swaps[source.record["lede"]] = sentence(rng, 14)
    for block in source.record["body"]:
        swaps[block["text"]] = " ".join(sentence(rng, rng.randint(10, 18)) for _ in range(rng.randint(2, 3)))
    html = source.html
    for old in sorted(swaps, key=len, reverse=True):
        html = html.replace(old, swaps[old])
    old, slug = source.url.rstrip("/").rpartition("/")[2], f"{headline.lower().replace(' ', '-')}-{number}"
    stem, dot, _ = old.rpartition(".")
    key = (stem if dot else old) if not old.isdecimal() else None
    url = source.url.replace(key, f"{slug}-{at:%m%d}") if key else f"{source.url}{at:%m%d}{number}"
    html = html.replace(source.url, url)
    return _dated(url, source, at), _dated(html, source, at)


def _dated(text: str, source: Original, at: datetime) -> str:
    """Every print of the fixture's date as that of `at`, in the paper's own zone."""
    then, now = source.at, at.astimezone(source.at.tzinfo)
    pairs = [
        (f"{then:%Y-%m-%d}", f"{now:%Y-%m-%d}"),
        (f"{then:%Y/%m/%d}", f"{now:%Y/%m/%d}"),
        (f"{then:%d/%m/%Y}", f"{now:%d/%m/%Y}"),
    ]
    for names in (MONTHS, SHORT_MONTHS):
        pairs += [
            (f"{then.day} {names[then.month - 1]} {then.year}", f"{now.day} {names[now.month - 1]} {now.year}"),
            (f"{then:%d} {names[then.month - 1]} {then.year}", f"{now:%d} {names[now.month - 1]} {now.year}"),
        ]
    for old, new in dict(pairs).items():
        text = text.replace(f"{WEEKDAYS[then.weekday()]}, {old}", f"{WEEKDAYS[now.weekday()]}, {new}").replace(old, new)
    return text.replace(f"{then:%H:%M}", f"{now:%H:%M}").replace(f"{then:%H.%M}", f"{now:%H.%M}")


def redesigned(html: str, _source: Original) -> str:
    """Another template: every class and id has another name, the text stands deeper, the headline is another element."""

    def renamed(match: re.Match[str]) -> str:
        names = " ".join(f"nx-{name[::-1]}" for name in match[3].split())
        return f"{match[1]}{match[2]}{names}{match[2]}"

    head, body_tag, body = html.partition("<body")
    body = re.sub(r"(\b(?:class|id|itemprop)=)([\"'])([^\"']*)\2", renamed, body)
    body = body.replace("<article", "<section").replace("</article>", "</section>")
    body = re.sub(r"<time\b", "<span", body).replace("</time>", "</span>")
    return head + body_tag + body


def half_lost(html: str, _source: Original) -> str:
    """The second half of the text stands outside the container that holds it, one level deeper."""
    paragraphs = list(re.finditer(r"</p>", html))
    texts = [match for match in paragraphs if len(_words_before(html, match.start())) > 60]
    cut = texts[len(texts) // 2 - 1].end()
    return f'{html[:cut]}</div><div class="lanjutan"><div>{html[cut:]}'


def _words_before(html: str, end: int) -> str:
    return re.sub(r"<[^>]+>", "", html[html.rfind("<p", 0, end) : end])


def walled(html: str, _source: Original) -> str:
    """A paywall: the first paragraph, and an offer."""
    paragraphs = list(re.finditer(r"<p\b[^>]*>.*?</p>", html, re.DOTALL))
    texts = [match for match in paragraphs if len(re.sub(r"<[^>]+>", "", match[0])) > 60]
    for match in reversed(texts[1:]):
        html = html[: match.start()] + html[match.end() :]
    return html.replace("</title>", '</title><meta property="article:content_tier" content="locked">', 1)


@dataclass
class Series:
    """A paper in an archive, day by day."""

    db: Archive
    name: str
    a_day: int = 6
    quiet_days: tuple[int, ...] = ()  # by weekday
    polls: int = 4
    run_id: int = 0
    site: str = ""
    first: datetime | None = None  # that of the fixture, unless told
    rng: random.Random = field(default_factory=lambda: random.Random(8))

    def __post_init__(self) -> None:
        source = original(self.name)
        self.run_id = frontier.start_run(self.db, kind="crawl", version="0", arguments="", at=source.at)
        site, portal = find_portal(source.url)
        assert site is not None
        assert portal is not None
        self.row = SiteRow(
            slug=portal.slug,
            network=site.name,
            name=portal.brand,
            host=portal.hosts[0],
            zone=portal.zone,
            province=portal.province,
        )
        self.site = portal.slug
        self.feed = f"https://{portal.hosts[0]}/feed.xml"
        self.start = self.first or source.at.astimezone(UTC).replace(minute=0)
        frontier.add_links(self.db, [Link(url=self.feed, raw_url=self.feed, kind="feed")], due_at=self.start)

    def day(
        self,
        number: int,
        *,
        change: Callable[[str, Original], str] | None = None,
        reason: Reason = Reason.OK,
        is_frozen: bool = False,
        date_of: datetime | None = None,
    ) -> None:
        """One day of the paper, crawled."""
        begin = self.start + timedelta(days=number)
        count = (
            0
            if begin.weekday() in self.quiet_days or is_frozen
            else max(self.rng.randint(self.a_day - 2, self.a_day + 2), 1)
        )
        pages = []
        for each in range(count):
            at = begin + timedelta(minutes=20 + (1300 * each) // max(count, 1) + self.rng.randrange(50))
            url, html = issue(self.name, date_of or at, number * 100 + each)
            pages.append((at, url, change(html, original(self.name)) if change else html))
        for poll in range(self.polls):
            at = begin + timedelta(hours=(poll + 1) * 24 // self.polls) - timedelta(minutes=10)
            since = begin + timedelta(hours=poll * 24 // self.polls) - timedelta(minutes=10)
            new = [page for page in pages if since <= page[0] < at]
            links = tuple(Link(url=url, raw_url=url, published_at=moment) for moment, url, _ in new)
            is_answered = reason is Reason.OK
            outcome = Outcome(
                url=self.feed, reason=(Reason.OK if links else Reason.UNCHANGED) if is_answered else reason, at=at
            )
            self._save(self.feed, outcome, links=links if is_answered else ())
            for _, url, html in new if is_answered else ():
                self.fetch(url, html, at + timedelta(minutes=2))

    def again(self, number: int, *, change: Callable[[str, Original], str], count: int = 8) -> None:
        """The last pages of the days before are looked at once more, as they are now."""
        rows = self.db.execute(
            "SELECT u.url, c.id FROM captures AS c JOIN urls AS u ON u.id = c.url_id ORDER BY c.id DESC LIMIT ?",
            [count],
        ).fetchall()
        for url, capture_id in rows:
            html = lookup.capture(self.db, capture_id).body.decode()
            self.fetch(url, change(html, original(self.name)), self.start + timedelta(days=number, minutes=1))

    def fetch(self, url: str, html: str, at: datetime) -> None:
        capture = Capture(
            url=url, final_url=url, status=200, fetched_at=at, body=html.encode(), content_type="text/html"
        )
        try:
            article, reason = extract_capture(capture), Reason.OK
        except ExtractError as error:
            article, reason = None, error.reason
        self._save(
            url, Outcome(url=url, reason=reason, at=at, status=200), capture=capture, article=article, site=self.row
        )

    def _save(self, url: str, outcome: Outcome, **changes: Any) -> None:
        [url_id] = self.db.execute("SELECT id FROM urls WHERE url = ?", [url]).fetchall()[0]
        result = PageResult(url_id=url_id, run_id=self.run_id, outcome=outcome, leaves_queue=True)
        save.save_page(self.db, replace(result, **changes))

    def end_of(self, number: int) -> datetime:
        return self.start + timedelta(days=number + 1)
