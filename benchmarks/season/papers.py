"""Twelve invented newspapers: their articles with all versions, drawn from a seed, and their pages, feeds and sitemaps."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.virtualtime import START

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUR, DAY = 3600.0, 86_400.0
ZONE = ZoneInfo("Asia/Jakarta")
LISTED = 20  # on a front page and in a feed
NAMES = (
    "Harian Kapuas", "Suara Musi", "Warta Mahakam", "Pos Barito", "Kabar Batanghari", "Lensa Serayu",
    "Berita Poso", "Radar Cimanuk", "Koran Bengawan", "Media Sangihe", "Tribun Rakyat Ende", "Fajar Brantas",
)  # fmt: skip
_WHO = (
    "Warga Desa Sukamaju", "Kepala Dinas Pertanian", "Para nelayan muara", "Ketua koperasi", "Relawan palang merah",
    "Guru sekolah dasar", "Petugas pemadam", "Camat setempat", "Sopir angkutan", "Pedagang pasar pagi", "Mahasiswa teknik",
    "Ibu-ibu pengajian", "Petani karet", "Panitia festival", "Bidan puskesmas", "Pengelola museum", "Juru parkir",
)  # fmt: skip
_DID = (
    "memperbaiki jembatan gantung", "menanam bakau", "membagikan benih padi", "menagih janji perbaikan jalan", "membuka dapur umum",
    "menghitung kerugian banjir", "merawat perahu tua", "menolak kenaikan tarif", "menerima bantuan air bersih", "menyusun peta rawan",
    "menggelar lomba dayung", "memeriksa tanggul", "mengusulkan pasar baru", "menutup lubang tambang", "mengajar anak pesisir",
)  # fmt: skip
_WHERE = (
    "di tepi sungai", "di lapangan kecamatan", "di balai desa", "di pelabuhan lama", "di kaki bukit", "di perbatasan kabupaten",
    "di gudang beras", "di simpang tiga", "di halaman masjid raya", "di kampung seberang", "di terminal induk",
)  # fmt: skip
_WHEN = (
    "sejak subuh", "pada Senin siang", "menjelang musim hujan", "selama tiga pekan", "setelah rapat panjang", "untuk kedua kalinya",
    "tanpa menunggu anggaran", "sebelum puasa tiba", "di tengah kabut asap", "hingga larut malam",
)  # fmt: skip
_AND = (
    "sementara pemerintah kabupaten belum menjawab surat mereka",
    "dan hasilnya akan diumumkan pekan depan",
    "walau biaya yang tersedia hanya separuh dari kebutuhan",
    "karena cara lama tidak lagi cukup",
    "agar anak-anak dapat kembali bersekolah",
    "kata seorang saksi, “kami hanya ingin didengar”",
    "menurut catatan yang disimpan di kafé milik José",
    "sehingga harga di pasar kembali turun",
)
# The `--sites` definitions of two of them, as their readers would write them; the others are read by the generic rules.
DEFINED = """
[[sites]]
profile = "wordpress"
slug = "harian-kapuas"
brand = "Harian Kapuas"
hosts = ["harian-kapuas.example"]

[[sites]]
slug = "warta-mahakam"
brand = "Warta Mahakam"
hosts = ["www.warta-mahakam.example", "warta-mahakam.example"]
article_path = '^/read/[0-9]+/'
discovery = { feeds = ["https://{host}/rss.xml"], sitemaps = ["https://{host}/sitemap.xml"], sections = ["https://{host}/"] }

[[sites.layouts]]
name = "warta-mahakam/2025"
signature = [".detail__body"]
headline = [".detail__title"]
published = [".detail__date"]
byline = [".detail__author"]
body = [".detail__body"]
tags = [".detail__tags a"]
"""
_AUTHORS = (
    "Sari Wulandari", "Bambang Hartono", "Dewi Lestiani", "Agus Salim Nasution", "Maria Goreti", "Yusuf Rantau",
)  # fmt: skip
_TAGS = ("banjir", "pasar", "sungai", "sekolah", "pertanian", "jalan desa", "festival")


@dataclass(frozen=True, slots=True)
class Version:
    """The text of an article from a moment on (seconds since START)."""

    at: float
    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article: its versions, oldest first; when it is withdrawn (410 from then on) and when its slug changes, if ever."""

    number: int
    code: str
    author: str
    tags: tuple[str, ...]
    versions: tuple[Version, ...]
    withdrawn_at: float | None = None
    renamed_at: float | None = None

    @property
    def appeared(self) -> float:
        """Seconds since START."""
        return self.versions[0].at

    def version(self, now: float) -> Version:
        """The one that stands at a moment."""
        return [version for version in self.versions if version.at <= now][-1]

    def is_there(self, now: float) -> bool:
        """Whether it can be read at a moment."""
        return self.appeared <= now and (self.withdrawn_at is None or now < self.withdrawn_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A newspaper. From `moved_at` its old host redirects everything to `new_host`; from `redesigned_at` it has another
    markup.
    """

    name: str
    host: str
    markup: str
    validator: str | None
    stories: tuple[Story, ...]
    moved_at: float | None = None
    redesigned_at: float | None = None

    @property
    def new_host(self) -> str:
        """Where it moves."""
        return self.host.replace(".example", "-baru.example")

    def host_at(self, now: float) -> str:
        """Its host at a moment."""
        return self.new_host if self.moved_at is not None and now >= self.moved_at else self.host

    def markup_at(self, now: float) -> str:
        """Its markup at a moment."""
        return "redesigned" if self.redesigned_at is not None and now >= self.redesigned_at else self.markup

    def listed(self, now: float) -> list[Story]:
        """What can be read at a moment, the newest first."""
        return sorted((story for story in self.stories if story.is_there(now)), key=lambda story: -story.appeared)


def sentence(chance: random.Random) -> str:
    """A sentence of about twenty words."""
    return (
        f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHERE)} {chance.choice(_WHEN)}"
        f" bersama {chance.randint(3, 900)} orang lainnya, {chance.choice(_AND)}."
    )


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(chance.randint(2, 3)))


def _versions(chance: random.Random, at: float) -> tuple[Version, ...]:
    """A first version, and corrections, growth or a live ticker on the first day."""
    headline = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHERE)}"
    texts = [paragraph(chance) for _ in range(chance.randint(5, 8))]
    found = [Version(at, headline, tuple(texts))]
    kind = chance.choices(("none", "corrected", "grown", "live"), (60, 20, 15, 5))[0]
    for _ in range({"none": 0, "corrected": 1, "grown": 1, "live": 5}[kind]):
        at += chance.uniform(1, 5) * HOUR
        if kind == "corrected":
            texts[chance.randrange(1, len(texts))] = paragraph(chance)
        else:
            texts.insert(0 if kind == "live" else len(texts), paragraph(chance))
        found.append(Version(at, headline, tuple(texts)))
    return tuple(found)


def _story(chance: random.Random, number: int, at: float) -> Story:
    fate = chance.random()
    return Story(
        number=number,
        code="c" + hashlib.sha256(f"{number} {at}".encode()).hexdigest()[:11],
        author=chance.choice(_AUTHORS),
        tags=tuple(chance.sample(_TAGS, 2)),
        versions=_versions(chance, at),
        withdrawn_at=at + chance.uniform(4, 20) * DAY if fate < 0.03 else None,
        renamed_at=at + chance.uniform(0.2, 3) * DAY if 0.03 <= fate < 0.06 else None,
    )


def papers(count: int, days: float, *, per_day: float, seed: int) -> list[Paper]:
    """That many newspapers with everything they will publish; the second moves in mid-season, the third is redesigned."""
    found = []
    for index in range(count):
        chance = random.Random(f"{seed} paper {index}")
        moments = sorted(chance.uniform(-3, days - 1) * DAY for _ in range(round((days + 2) * per_day)))
        slug = NAMES[index].lower().replace(" ", "-")
        found.append(
            Paper(
                name=NAMES[index],
                host=f"www.{slug}.example" if index % 3 == 2 else f"{slug}.example",
                markup=("wordpress", "article", "data", "codes")[index % 4],
                validator=("etag", None, "date")[index % 3],
                stories=tuple(_story(chance, 100_000 + number, at) for number, at in enumerate(moments)),
                moved_at=days / 2 * DAY if index == 1 else None,
                redesigned_at=days / 2 * DAY if index == 2 else None,
            )
        )
    return found


def slug_of(text: str) -> str:
    return "-".join(text.lower().replace("-", " ").split())


def moment(at: float) -> str:
    """As ISO 8601 in the paper's zone."""
    return (START + timedelta(seconds=round(at))).astimezone(ZONE).isoformat()


def path_of(paper: Paper, story: Story, now: float) -> str:
    """Where an article is at a moment."""
    slug = slug_of(story.versions[0].headline)
    if story.renamed_at is not None and now >= story.renamed_at:
        slug += "-diperbarui"
    day = (START + timedelta(seconds=story.appeared)).astimezone(ZONE)
    patterns = {
        "wordpress": f"/{day:%Y/%m/%d}/{slug}-{story.number % 1000}/",
        "article": f"/berita/{story.number}/{slug}",
        "data": f"/read/{story.number}/{slug}.html",
        "codes": f"/news/articles/{story.code}" + ("x" if slug.endswith("-diperbarui") else ""),
    }
    return patterns[paper.markup]


def url_of(paper: Paper, story: Story, now: float) -> str:
    return f"https://{paper.host_at(now)}{path_of(paper, story, now)}"


def _head(title: str, extra: str) -> str:
    return (
        f"<!DOCTYPE html>\n<html lang='id'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<meta name='viewport' content='width=device-width'>{extra}</head>"
    )


def _cards(paper: Paper, now: float, stories: Iterable[Story]) -> str:
    return "".join(
        f"<li class='card'><a href='{escape(path_of(paper, story, now))}'>{escape(story.versions[0].headline)}</a></li>"
        for story in stories
    )


def article(paper: Paper, story: Story, now: float, version: Version | None = None) -> str:
    """An article's page at a moment, with a list of what is new beside it."""
    version = version or story.version(now)
    markup = paper.markup_at(now)
    texts = [escape(text, quote=False) for text in version.paragraphs]
    url, at, head = url_of(paper, story, now), moment(story.appeared), escape(version.headline)
    author = escape(story.author)
    meta = (
        f"<link rel='canonical' href='{url}'><meta property='og:type' content='article'>"
        f"<meta property='og:title' content='{head}'><meta property='article:published_time' content='{at}'>"
    )
    tags = "".join(f"<a rel='tag' href='/tag/{slug_of(tag)}'>{tag}</a> " for tag in story.tags)
    if markup == "data":
        data = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": version.headline, "datePublished": at,
            "author": {"@type": "Person", "name": story.author}, "keywords": ", ".join(story.tags), "mainEntityOfPage": url,
            "publisher": {"@type": "Organization", "name": paper.name},
        }  # fmt: skip
        meta += f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    body = "".join(f"<p>{text}</p>" for text in texts)
    middle = {
        "wordpress": f"<article class='post type-post status-publish'><header class='entry-header'><h1 class='entry-title'>{head}</h1>"
        f"<div class='entry-meta'><time class='entry-date published' datetime='{at}'>{at[:10]}</time>"
        f"<span class='author vcard'><a class='url fn n' href='/author/x/'>{author}</a></span></div></header>"
        f"<div class='entry-content'>{body}</div><footer class='entry-footer'>{tags}</footer></article>",
        "article": f"<article><h1>{head}</h1><p class='byline'>Oleh <a rel='author' href='/penulis'>{author}</a></p>"
        f"<time datetime='{at}'>{at[:10]}</time>{body}<p class='tags'>{tags}</p></article>",
        "data": f"<div class='detail'><h1 class='detail__title'>{head}</h1>"
        f"<div class='detail__author'>{author}</div><div class='detail__date'>{at[:10]}</div>"
        f"<div class='detail__body'>{body}</div><div class='detail__tags'>{tags}</div></div>",
        "codes": f"<article><header><h1 id='main-heading'>{head}</h1></header><div data-component='byline-block'>"
        f"<p><time datetime='{at}'>{at[:10]}</time></p><p class='byline'>{author}</p></div>"
        + "".join(f"<div data-component='text-block'><p>{text}</p></div>" for text in texts)
        + f"<section data-component='topics'>{tags}</section></article>",
        "redesigned": f"<section class='story'><div class='story-top'><h1>{head}</h1><span>{author}</span></div>"
        f"<div class='story-text' itemprop='articleBody'>{body}</div><nav class='topik'>{tags}</nav></section>",
    }[markup]
    cards = _cards(paper, now, paper.listed(now)[:6])
    return (
        _head(f"{version.headline} - {paper.name}", meta + _announced(paper))
        + f"<body><header><a href='/'>{paper.name}</a><nav><a href='/daerah'>Daerah</a> <a href='/ekonomi'>Ekonomi</a></nav></header>"
        f"<main>{middle}</main><aside class='sidebar'><h2>Terbaru</h2><ul>{cards}</ul></aside>"
        f"<footer>© 2026 {paper.name}</footer></body></html>"
    )


def feed_path(paper: Paper) -> str:
    return "/feed/" if paper.markup == "wordpress" else "/rss.xml"


def _announced(paper: Paper) -> str:
    return f"<link rel='alternate' type='application/rss+xml' href='{feed_path(paper)}'>"


def front(paper: Paper, now: float) -> str:
    """The start page: what is new, with a teaser each."""
    cards = "".join(
        f"<article class='teaser'><h3><a href='{escape(path_of(paper, story, now))}'>{escape(story.versions[0].headline)}</a></h3>"
        f"<p>{escape(story.versions[0].paragraphs[0].partition('.')[0], quote=False)} …</p></article>"
        for story in paper.listed(now)[:LISTED]
    )
    return (
        _head(paper.name, _announced(paper))
        + f"<body><header><a href='/'>{paper.name}</a></header><main><h1>{paper.name}</h1>{cards}</main>"
        f"<footer>© 2026 {paper.name}</footer></body></html>"
    )


def feed(paper: Paper, now: float, *, mark: str = "") -> str:
    """The RSS feed of what is new; `mark` goes to the end of each link."""
    items = "".join(
        f"<item><title>{escape(story.version(now).headline, quote=False)}</title><link>{url_of(paper, story, now)}{mark}</link>"
        f"<guid isPermaLink='false'>{story.code}</guid>"
        f"<pubDate>{format_datetime(START + timedelta(seconds=round(story.appeared)))}</pubDate></item>"
        for story in paper.listed(now)[:LISTED]
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0'><channel>"
        f"<title>{paper.name}</title><link>https://{paper.host_at(now)}/</link>{items}</channel></rss>"
    )


def sitemap(paper: Paper, now: float) -> str:
    """All that can be read, with when it was last changed."""
    rows = "".join(
        f"<url><loc>{url_of(paper, story, now)}</loc><lastmod>{moment(story.version(now).at)}</lastmod></url>"
        for story in paper.listed(now)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>"
    )
