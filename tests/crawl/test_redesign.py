"""A redesigned paper: a change in our reading is not reported as the publisher's, and no field becomes empty."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.file.connection import open_archive
from scraper.archive.write import rereads
from scraper.archive.write.rereads import Chosen
from scraper.crawl.reread import RereadOptions, read_again
from tests.archive.made import NOW
from tests.crawl.papers import Paper, paragraphs
from tests.faultserver import FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WORDS = (
    "tanggul", "pasar", "nelayan", "jembatan", "karet", "jagung", "parit", "sekolah", "puskesmas", "listrik", "bandara", "hutan",
    "gambut", "sawit", "sungai", "beras", "durian", "lampion", "perahu", "masjid", "klenteng", "stadion", "museum", "trotoar",
)  # fmt: skip


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with FaultServer() as server:
        yield Paper(tmp_path / "a.db", server)


def place(word: str) -> str:
    return f"/berita/{word}-di-tepi-kapuas-ditata-ulang"


def title(word: str) -> str:
    return f"{word.title()} di tepi Kapuas ditata ulang"


def old(word: str, texts: Sequence[str]) -> bytes:
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title(word), "keywords": [word, "Kapuas"],
        "datePublished": "2026-11-20T08:00:00+07:00", "author": {"@type": "Person", "name": "Rani Sulastri"},
        "image": "https://img.contoh.id/a.jpg",
    }  # fmt: skip
    body = "".join(f"<p class='isi-par'>{text}</p>" for text in texts)
    return (
        f"<!DOCTYPE html><html lang='id'><head><title>{title(word)} - Kabar Kapuas</title><meta property='og:type' content='article'>"
        f"<script type='application/ld+json'>{json.dumps(about)}</script></head><body class='laman'><header class='kop'><a class='logo'"
        f" href='/'>Kabar Kapuas</a></header><main class='utama'><article class='artikel'><h1 class='judul'>{title(word)}</h1>"
        f"<div class='penulis'>Penulis: Rani Sulastri</div><div class='isi'>{body}</div><ul class='tagar'><li class='tag-satu'>"
        f"{word}</li></ul></article></main><footer class='kaki'>Redaksi</footer></body></html>"
    ).encode()


def new(word: str, texts: Sequence[str]) -> bytes:
    """The same text, other markup, and nothing that says who wrote it, with a box of the paper's own at its end."""
    body = "".join(f"<div class='c-text'><p class='c-p'>{text}</p></div>" for text in texts)
    return (
        f"<!DOCTYPE html><html lang='id'><head><title>{title(word)} | KK</title></head><body class='c-page'><nav class='c-nav'><a"
        f" class='c-brand' href='/'>KK</a></nav><div class='c-wrap'><section class='c-story'><h1 class='c-head'>{title(word)}</h1>"
        f"<span class='c-by'>Rani Sulastri - Kabar Kapuas</span><div class='c-body'>{body}<p class='c-box'>Dapatkan kabar pilihan dari"
        f" kami setiap pagi langsung di ponsel Anda dengan mengikuti saluran kami.</p></div></section></div><div class='c-foot'>Redaksi"
        f"</div></body></html>"
    ).encode()


def fields(paper: Paper) -> list[tuple[object, ...]]:
    return paper.query(
        "SELECT a.url, a.headline, a.published_at, (SELECT group_concat(p.name) FROM bylines AS b JOIN people AS p ON p.id = b.person_id"
        " WHERE b.article_id = a.id), (SELECT group_concat(tag) FROM tags WHERE article_id = a.id),"
        " (SELECT group_concat(url) FROM images WHERE article_id = a.id) FROM articles AS a ORDER BY a.id"
    )


def test_a_redesign_of_24_articles_is_no_change_of_the_publisher_s(paper: Paper) -> None:
    paper.put({place(word): old(word, paragraphs(word)) for word in WORDS})
    paper.start({place(word): title(word) for word in WORDS})
    before = fields(paper)
    assert len(before) == 24
    assert all(all(row) for row in before)
    seen = paper.query("SELECT max(last_seen_at) FROM articles")
    paper.put({place(word): new(word, paragraphs(word)) for word in WORDS})
    for hours in (1, 30):
        summary = paper.crawl(*map(place, WORDS), hours=hours)
        assert summary.changed_articles == 0
    assert paper.query("SELECT replaced_by, kinds, count(*) FROM revisions WHERE replaced_by = 'publisher'") == [
        (None, None, 0)
    ]
    assert fields(paper) == before
    assert paper.query("SELECT min(last_seen_at) FROM articles") > seen, "it was seen again"
    assert paper.query("SELECT count(*) FROM suspects") == [(0,)]
    # What the publisher changes in the new dress is its revision, and nothing becomes empty by it.
    word, other = WORDS[:2]
    texts = paragraphs(word)
    paper.put(
        {place(word): new(word, [*texts[:3], "Ada 12 keberatan baru, kata camat yang datang kemudian.", *texts[3:]])}
    )
    paper.put({place(other): new(other, [text.replace("keberatan", "usulan") for text in paragraphs(other)])})
    assert paper.crawl(place(word), place(other), hours=30).changed_articles == 2
    kinds = [
        set(json.loads(kinds))
        for (kinds,) in paper.query("SELECT kinds FROM revisions WHERE replaced_by = 'publisher' ORDER BY article_id")
    ]
    assert all("byline" not in each and "headline" not in each for each in kinds)
    assert "addition" in kinds[0]
    assert "wording" in kinds[1]
    # Also where it only grows at its end, where the new design has a box of its own.
    third = WORDS[2]
    paper.put({place(third): new(third, [*paragraphs(third), "Rapat dilanjutkan pekan depan, kata camat."])})
    assert paper.crawl(place(third), hours=30).changed_articles == 1
    assert "Rapat dilanjutkan" in paper.query("SELECT body FROM articles WHERE url = ?", paper.url(place(third)))[0][0]
    assert [row[1:] for row in fields(paper)] == [row[1:] for row in before]


def test_a_change_in_the_same_dress_is_told_as_ever(paper: Paper) -> None:
    word = WORDS[0]
    paper.put({place(word): old(word, paragraphs(word))})
    paper.crawl(place(word))
    paper.put({place(word): old(word, paragraphs(word)).replace(b"Rani Sulastri", b"Budi Hartono")})
    paper.crawl(place(word), hours=1)
    assert fields(paper)[0][3] == "Budi Hartono"
    paper.put(
        {place(word): old(word, [*paragraphs(word), "Satu alinea baru ditambahkan di akhir naskah ini oleh redaksi."])}
    )
    assert paper.crawl(place(word), hours=1).changed_articles == 1


def test_false_revisions_are_taken_back_by_reextract_and_missed_ones_told(paper: Paper) -> None:
    word, other = WORDS[:2]
    paper.put({place(each): old(each, paragraphs(each)) for each in (word, other)})
    paper.crawl(place(word), place(other))
    head = old(word, ["x"]).partition(b"<script")[2].partition(b"</script>")[0]  # the new dress with the old metadata
    box = "Kabar Kapuas hadir dengan wajah baru mulai pekan ini, selamat membaca kabar kami di mana pun Anda berada."
    dressed = new(word, [*paragraphs(word), box]).replace(b"</head>", b"<script" + head + b"</script></head>")
    paper.put(
        {
            place(word): dressed,
            place(other): old(other, [*paragraphs(other), "Satu alinea baru dari redaksi di akhir naskah."]),
        }
    )
    paper.crawl(place(word), place(other), hours=1)
    told = "SELECT r.replaced_by, r.kinds FROM revisions AS r JOIN articles AS a ON a.id = r.article_id ORDER BY a.url DESC"
    right = paper.query(told)
    assert right == [("extractor", None), ("publisher", '["addition"]')]
    # As an earlier kliping told it: the redesign as a change of the publisher's, its change as ours.
    with open_archive(paper.path, mode="crawl", min_free_bytes=0) as db:
        db.execute(
            "UPDATE revisions SET replaced_by = iif(replaced_by = 'publisher', 'extractor', 'publisher'), kinds = NULL"
        )
        wrong = db.execute(told).fetchall()
        run = read_again(db, RereadOptions(chosen=Chosen(), jobs=1, version="0"), on_progress=lambda _: None)
        assert db.execute(told).fetchall() == wrong, "reading changes nothing"
        assert rereads.apply_reread(db, run.run_id, at=NOW).rejudged == 2
        assert db.execute(told).fetchall() == right
        rereads.undo_reread(db, run.run_id, at=NOW)
        assert db.execute(told).fetchall() == wrong


def furnished(word: str, texts: Sequence[str], look: int) -> bytes:
    """The same article, and around and between its text what no two looks have alike."""
    token = f"{look:02d}a9f{look * 7919:x}"
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title(word), "datePublished": "2026-11-20T08:00:00+07:00",
        "author": {"@type": "Person", "name": "Rani Sulastri"}, "commentCount": look * 3,
        "interactionStatistic": {"@type": "InteractionCounter", "userInteractionCount": 1_200 + look * 31},
    }  # fmt: skip
    gap = "\n" + "  " * look
    inside = (
        f"<div class='ads' id='div-gpt-ad-{token}'><iframe src='https://iklan.contoh.id/?cb={token}'></iframe></div>"
    )
    body = (gap + inside).join(f"<p data-nonce='{token}'>{gap}{text}{gap}</p>" for text in texts)
    comments = "".join(
        f"<li class='comment'><b>Pembaca {n}</b> <time>{look - n + 1} jam yang lalu</time><p>Komentar nomor {n} tentang {word} itu.</p></li>"
        for n in range(look)
    )
    popular = "".join(
        f"<li><a href='/berita/terpopuler-nomor-{n}-hari-ini-di-kapuas'>Terpopuler nomor {n} hari ini di Kapuas</a></li>"
        for n in range(look, look + 5)
    )
    return (
        f"<!DOCTYPE html><html lang='id'><head><title>{title(word)} - Kabar Kapuas</title><meta name='csrf-token' content='{token}'>"
        f"<script type='application/ld+json'>{json.dumps(about)}</script><script nonce='{token}'>window.t={look}</script></head>"
        f"<body class='sesi-{token}'><header><span>{20 + look}°C Pontianak</span><a href='/?sid={token}'>Kabar Kapuas</a></header><article>"
        f"<h1>{title(word)}</h1><div class='meta'>Penulis: Rani Sulastri <span class='views'>{1_200 + look * 31} kali dibaca</span>"
        f"<span class='share-count'>{look * 4} dibagikan</span></div><div class='isi'>{body}</div></article><section id='komentar'><h3>{look}"
        f" Komentar</h3><ul>{comments}</ul><form><input type='hidden' name='_token' value='{token}'></form></section><aside><h3>Terpopuler"
        f"</h3><ol>{popular}</ol></aside><footer>Dibuat dalam {look / 7:.4f} detik</footer></body></html>"
    ).encode()


def test_what_changes_at_every_look_around_an_article_is_no_change_of_it(paper: Paper) -> None:
    where = place("tanggul")
    for look in range(1, 6):
        paper.put({where: furnished("tanggul", paragraphs("tanggul"), look)})
        paper.crawl(where, hours=9.0)
        assert paper.reason(where) == "ok"
    assert paper.query("SELECT count(*) FROM captures JOIN urls AS u ON u.id = url_id WHERE u.kind = 'article'") == [
        (5,)
    ]
    assert paper.query("SELECT count(*) FROM revisions") == [(0,)]
    assert paper.query("SELECT revision, flips FROM articles") == [(1, 0)]
    assert paper.texts() == {where: "\n\n".join(paragraphs("tanggul"))}
    paper.put({where: furnished("tanggul", [*paragraphs("tanggul"), "Tanggul itu kini dijaga siang dan malam."], 6)})
    paper.crawl(where, hours=9.0)
    assert paper.query("SELECT replaced_by FROM revisions") == [("publisher",)]


def test_a_damaged_version_is_the_archive_s_fault_and_no_bug(paper: Paper) -> None:
    word, other = WORDS[:2]
    paper.put({place(each): old(each, paragraphs(each)) for each in (word, other)})
    paper.start({place(each): title(each) for each in (word, other)})
    with closing(sqlite3.connect(paper.path)) as plain, plain:
        plain.execute("UPDATE articles SET blocks = '{' WHERE url LIKE ?", [f"%{place(word)}"])
    paper.put({place(each): old(each, [*paragraphs(each), "Tambahan dari camat."]) for each in (word, other)})
    summary = paper.crawl(place(word), place(other), hours=30)
    assert summary.changed_articles == 1, "no other page is concerned"
    last = "SELECT reason, detail, capture_id IS NOT NULL FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.url LIKE ? ORDER BY f.id DESC LIMIT 1"
    ((reason, detail, is_kept),) = paper.query(last, f"%{place(word)}")
    assert (reason, is_kept) == ("damaged", 1)
    assert "DecodeError" in str(detail)
