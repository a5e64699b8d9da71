"""Pages that are served in place of an article: never stored as an article or a version of one; and innocent pages that
look similar.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.cli import cli
from tests.crawl.papers import SUBJECTS, Paper, paragraphs, story
from tests.faultserver import FaultServer, redirect, response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOME = (
    "<!DOCTYPE html><html lang='id'><head><title>Kabar Kapuas - berita hari ini</title></head><body><h1>Kabar Kapuas</h1>"
    + "".join(
        f"<section><h2><a href='/berita/{number}'>Kabar nomor {number} dari hulu</a></h2><p>Ringkasan kabar nomor {number} yang"
        " cukup panjang untuk dibaca sebagai satu kalimat utuh di halaman depan koran.</p></section>"
        for number in range(12)
    )
    + "</body></html>"
).encode()
LOGIN = (
    b"<!DOCTYPE html><html lang='id'><head><title>Masuk - Kabar Kapuas</title></head><body><main><h1>Masuk ke akun Anda</h1>"
    b"<form method='post' action='/masuk'><label>Surel <input type='email' name='e'></label><label>Sandi <input type='password'"
    b" name='p'></label><button>Masuk</button></form><p>Silakan masuk dahulu untuk melanjutkan membaca kabar pilihan kami hari ini,"
    b" atau daftar gratis dengan alamat surel Anda.</p></main></body></html>"
)
CONSENT = (
    b"<!DOCTYPE html><html lang='de'><head><title>Privatsph\xc3\xa4re</title></head><body><div class='box'><h1>Wir und unsere 214"
    b" Partner</h1><p>verarbeiten Daten auf Ihrem Ger\xc3\xa4t, um Inhalte anzuzeigen. Bitte w\xc3\xa4hlen Sie, was Sie erlauben"
    b" m\xc3\xb6chten, bevor Sie weiterlesen.</p><form><label><input type='checkbox'> Statistik</label><label><input"
    b" type='checkbox'> Werbung</label><button>Auswahl speichern</button></form></div></body></html>"
)
MAINTENANCE = (
    b"<!DOCTYPE html><html><head><title>Sebentar ya</title></head><body><h1>Kami sedang berbenah</h1><p>Peladen kami sedang"
    b" diperbarui supaya layanan semakin cepat dan nyaman bagi semua pembaca setia. Silakan kembali beberapa menit lagi, terima"
    b" kasih sudah bersabar menunggu kami.</p></body></html>"
)
TOO_MANY = (
    b"<!DOCTYPE html><html><head><title>Too Many Requests</title></head><body><h1>Too many requests</h1><p>Your address has sent"
    b" more requests to this server than it allows in the given amount of time. Please wait for a short while and then try"
    b" again.</p></body></html>"
)
CAPTCHA = (
    b"<!DOCTYPE html><html><head><title>One more step</title></head><body><h1>One more step</h1><p>Please complete the check"
    b" below so that we know that you are a person and no program, then we will bring you to the site.</p><div"
    b" class='g-recaptcha' data-sitekey='x'></div></body></html>"
)
WAIT = (
    b"<!DOCTYPE html><html><head><title>Memeriksa peramban</title><meta http-equiv='refresh' content='5'></head><body><h1>Tunggu"
    b" sebentar</h1><p>Kami sedang memeriksa peramban Anda sebelum membuka situs, halaman akan terbuka sendiri dalam lima detik"
    b" dan Anda tidak perlu melakukan apa pun.</p></body></html>"
)
WALLS: dict[str, Any] = {
    "login": LOGIN, "consent": CONSENT, "maintenance": MAINTENANCE, "too_many": TOO_MANY, "captcha": CAPTCHA, "challenge": WAIT,
    "home": HOME, "redirect_home": redirect("/"), "redirect_login": redirect("/masuk?kembali=1"),
}  # fmt: skip


ADDRESSES = {name: f"127.0.1.{number}" for number, name in enumerate(WALLS, 1)}


def start_pages() -> dict[str, Any]:
    return {"/": response(HOME), "/masuk?kembali=1": response(LOGIN)}


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with FaultServer(routes=start_pages()) as server:
        yield Paper(tmp_path / "a.db", server)


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Paper]:
    """A paper for each kind of wall."""
    with FaultServer(sites={address: start_pages() for address in ADDRESSES.values()}) as server:
        yield Paper(tmp_path / "a.db", server)


def paths(address: str = "") -> list[str]:
    return [f"{address}/2026/11/20/{slug}" for _, _, slug in SUBJECTS]


def stories(address: str = "") -> dict[str, Any]:
    return {
        path: story(title, paragraphs(word)) for path, (title, word, _) in zip(paths(address), SUBJECTS, strict=True)
    }


def titles(address: str = "") -> dict[str, str]:
    return dict(zip(paths(address), (title for title, _, _ in SUBJECTS), strict=True))


def everywhere(of: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return {place: value for address in ADDRESSES.values() for place, value in of(address).items()}


def walled(*, only_first: bool = False) -> dict[str, Any]:
    return {
        place: WALLS[name]
        for name, address in ADDRESSES.items()
        for place in (paths(address)[:1] if only_first else paths(address))
    }


def test_a_wall_at_every_url_never_becomes_an_article(papers: Paper) -> None:
    papers.put(walled())
    summary = papers.start(everywhere(titles))
    assert papers.headlines() == {}
    assert summary.exit_code == 3, "it is not all done"
    rows = papers.query(
        "SELECT u.host, f.reason, f.detail, f.capture_id FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article'"
    )
    for name, address in ADDRESSES.items():
        named = [row[1:] for row in rows if row[0] == f"{address}:{papers.server.port}" or row[0] == address]
        assert len(named) == 4, name
        assert all(detail and capture for _, detail, capture in named), "with its signs, and its page as evidence"
        assert {reason for reason, _, _ in named} <= {"wall", "not_article"}, name
        assert sum(reason == "wall" for reason, _, _ in named) >= 3, name
    papers.put(everywhere(stories))
    papers.crawl(*everywhere(titles), hours=2)
    assert papers.headlines() == everywhere(titles)


def test_a_wall_never_replaces_what_was_read_however_often_it_is_seen(papers: Paper) -> None:
    papers.put(everywhere(stories))
    papers.start(everywhere(titles))
    before = papers.texts()
    assert len(before) == 4 * len(WALLS)
    first = list(walled(only_first=True))
    papers.put(walled(only_first=True))
    for hours in (2, 30):
        papers.crawl(*first, hours=hours)
        assert {place: papers.reason(place) for place in first} == dict.fromkeys(first, "wall")
    papers.put(walled())
    for hours in (2, 200):
        papers.crawl(*before, hours=hours)
        assert {papers.reason(place) for place in before} == {"wall"}
    assert papers.texts() == before
    assert papers.query("SELECT count(*) FROM revisions") == [(0,)]
    papers.put(everywhere(stories))
    papers.crawl(*before, hours=2)
    assert {papers.reason(place) for place in before} <= {"ok", "unchanged"}
    assert papers.query("SELECT max(revision), count(withdrawn_at) FROM articles") == [(1, 0)]


def test_what_was_read_from_a_wall_before_it_was_known_is_taken_back(paper: Paper) -> None:
    numbered = [
        f"/artikel/{number}" for number in (4711, 4712, 4713, 4714)
    ]  # nothing is announced, the slug says nothing
    wall = story("Selamat datang di kabar kami", paragraphs("langganan", 3), is_bare=True)
    paper.put(dict.fromkeys(numbered, wall))
    paper.crawl(numbered[0])
    assert len(paper.headlines()) == 1, "one page alone says nothing against itself"
    paper.crawl(*numbered[1:], hours=1)
    assert paper.headlines() == {}
    rows = paper.query(
        "SELECT reason, detail FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article'"
    )
    assert {reason for reason, _ in rows} == {"wall"}
    assert sum("found out later" in detail for _, detail in rows) == 3, "the fourth told of the others"
    assert paper.query(
        "SELECT count(*) FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article'"
    ) == [(4,)]


def test_a_wall_that_was_met_first_is_no_version_of_the_publisher_s(paper: Paper) -> None:
    """Where nothing was announced it may pass for the article until that comes; a short first report stays a version."""
    walled, early = "/artikel/4711", "/artikel/4712"
    check = (
        "Memeriksa peramban Anda sebelum mengakses situs ini karena lalu lintas yang tidak biasa.",
        "Proses ini berjalan otomatis dalam beberapa detik dan tidak perlu diulang.",
        "Aktifkan kuki agar halaman dapat dimuat ulang dan Anda diteruskan ke alamat yang Anda tuju semula.",
    )
    report = (
        "Tanggul di Sungai Raya jebol pagi ini dan air masuk ke kampung di sekitarnya, kata warga.",
        "Regu penolong sudah di jalan, dan warga diminta menjauh dari tepi sungai sampai malam nanti.",
        "Berita ini akan dilengkapi.",
    )
    paper.put({walled: story("Memeriksa peramban Anda", check, is_bare=True)})
    paper.put({early: story("Tanggul jebol di Sungai Raya", report, is_bare=True)})
    paper.crawl(walled, early)
    assert len(paper.headlines()) == 2
    paper.put({walled: story("Pasar Flamboyan mulai ramai", paragraphs("pasar"))})
    paper.put({early: story("Tanggul jebol di Sungai Raya, warga mengungsi", paragraphs("tanggul"))})
    paper.crawl(walled, early, hours=8)
    assert paper.headlines()[walled] == "Pasar Flamboyan mulai ramai"
    told = "SELECT a.url LIKE '%/4711', r.replaced_by FROM revisions AS r JOIN articles AS a ON a.id = r.article_id ORDER BY 1"
    assert paper.query(told) == [(0, "publisher"), (1, "extractor")]


def test_a_start_page_that_changes_from_look_to_look_is_told_by_its_headline(paper: Paper) -> None:
    places = paths()
    paper.put(
        {place: HOME.replace(b"hulu", word.encode()) for place, (_, word, _) in zip(places, SUBJECTS, strict=True)}
    )
    paper.start(dict.fromkeys(places, ""))
    assert paper.headlines() == {}
    assert {paper.reason(place) for place in places[1:]} == {"wall"}


def test_an_article_that_becomes_another_is_taken_over_only_when_it_stays(paper: Paper) -> None:
    path = paths()[0]
    paper.put(stories())
    paper.crawl(path)
    other = story("Undian berhadiah untuk pelanggan baru bulan ini", paragraphs("undian"))
    paper.put({path: other})
    paper.crawl(path, hours=1)
    assert paper.reason(path) == "suspect"
    assert "of the earlier text is left" in paper.looks[path]
    assert paper.query("SELECT state, looks, headline FROM suspects") == [
        ("waiting", 1, "Undian berhadiah untuk pelanggan baru bulan ini")
    ]
    paper.crawl(path, hours=2)
    assert paper.reason(path) == "suspect", "two hours are one bad moment"
    assert paper.headlines()[path] == SUBJECTS[0][0]
    paper.crawl(path, hours=5)
    assert paper.looks[path].startswith("ok confirmed after 7 h")
    assert paper.headlines()[path] == "Undian berhadiah untuk pelanggan baru bulan ini"
    assert paper.query("SELECT state, looks FROM suspects") == [("taken", 2)]
    (before,) = paper.query("SELECT headline, replaced_by FROM revisions")
    assert before == (SUBJECTS[0][0], "publisher")
    signs = json.loads(paper.query("SELECT signs FROM suspects")[0][0])
    assert signs == ["foreign_headline", "other_text"]


def test_an_article_that_comes_back_leaves_nothing_behind_but_the_evidence(paper: Paper) -> None:
    path = paths()[0]
    paper.put(stories())
    paper.crawl(path)
    paper.put({path: story("Undian berhadiah untuk pelanggan baru", paragraphs("undian"))})
    paper.crawl(path, hours=1)
    paper.put(stories())
    paper.crawl(path, hours=1)
    assert paper.reason(path) == "unchanged"
    assert paper.query("SELECT state FROM suspects") == [("dropped",)]
    paper.put({path: story("Undian berhadiah untuk pelanggan baru", paragraphs("undian"))})
    paper.crawl(path, hours=30)
    assert paper.reason(path) == "suspect", "it begins anew: what was there between was the article"
    assert paper.query("SELECT count(*) FROM captures WHERE text_key IS NOT NULL") == [(2,)]


TITLE, WORD, _ = SUBJECTS[0]
INNOCENT_CHANGES: dict[str, tuple[bytes, bytes]] = {
    "a live blog that changes totally": (
        story(f"LANGSUNG: {TITLE}", paragraphs("pembukaan")),
        story(f"LANGSUNG: {TITLE}", paragraphs("penutupan")),
    ),
    "a short breaking story that grows": (
        story("BREAKING: Tanggul Sungai Raya jebol", ["Tanggul Sungai Raya jebol pagi ini, laporan menyusul."]),
        story("Empat desa terendam setelah tanggul rubuh", paragraphs(WORD)),
    ),
    "a corrected headline": (
        story("Bupati meresmikan lapangan baru", paragraphs(WORD)),
        story("Wakil wali kota membuka taman kota", paragraphs(WORD)),
    ),
    "a text written again under its headline": (story(TITLE, paragraphs("draf")), story(TITLE, paragraphs("akhir"))),
    "paragraphs added": (story(TITLE, paragraphs(WORD, 4)), story(TITLE, paragraphs(WORD, 9))),
    "paragraphs taken out": (story(TITLE, paragraphs(WORD, 9)), story(TITLE, paragraphs(WORD, 6))),
}


@pytest.mark.parametrize("name", INNOCENT_CHANGES)
def test_a_change_of_the_publisher_s_is_a_revision_at_once(paper: Paper, name: str) -> None:
    path = paths()[0]
    before, after = INNOCENT_CHANGES[name]
    paper.put({path: before})
    paper.start({path: TITLE})
    paper.put({path: after})
    paper.crawl(path, hours=1)
    assert paper.reason(path) == "ok"
    assert paper.query("SELECT revision FROM articles") == [(2,)]
    assert paper.query("SELECT count(*) FROM suspects") == [(0,)]


def test_an_old_copy_of_a_cache_is_believed_only_when_it_stays_for_another_day(paper: Paper) -> None:
    """A newer version was there: the older one is kept aside, whatever comes next, and an editor's return counts a day later."""
    path = paths()[0]
    old, new = story(TITLE, paragraphs(WORD, 6)), story(TITLE, paragraphs(WORD, 8))
    paper.put({path: old})
    paper.start({path: TITLE})
    paper.put({path: new})
    paper.crawl(path, hours=2)
    kept = paper.texts()[path]
    paper.put({path: old})
    for hours in (3, 6, 6):
        paper.crawl(path, hours=hours)
        assert paper.reason(path) == "suspect"
        assert paper.texts()[path] == kept
    paper.put({path: response(b"", status="410 Gone")})
    paper.crawl(path, hours=3)
    assert paper.texts()[path] == kept, "what answered last was not a version of it"
    paper.put({path: old})
    for hours in (6, 24):
        paper.crawl(path, hours=hours)
    assert paper.texts()[path] != kept, "it has stayed"
    assert "reverted" in paper.query("SELECT kinds FROM revisions ORDER BY revision DESC")[0][0]


@pytest.mark.parametrize(("minutes", "reason"), [(5, "ok"), (-5, "suspect")])
def test_a_page_s_own_time_of_change_tells_an_editor_from_a_cache(paper: Paper, minutes: int, reason: str) -> None:
    """Also of a version that was never met: what says that it is older than what is kept is a copy of a cache."""
    path = paths()[0]

    def at(count: int, minute: int) -> Any:
        page = story(TITLE, paragraphs(WORD, count))
        return page.replace(
            b"</head>",
            f'<meta property="article:modified_time" content="2026-11-20T10:{minute:02}:00+07:00"></head>'.encode(),
        )

    paper.put({path: at(8, 30)})
    paper.start({path: TITLE})
    paper.put({path: at(6, 30 + minutes)})
    paper.crawl(path, hours=2)
    assert paper.reason(path) == reason


def innocents() -> dict[str, bytes]:
    """Pages that look like walls in one way: path → page."""
    return {
        # An article about logins, with the form of the site's header.
        "/teknologi/cara-masuk-akun-tanpa-sandi": story(
            "Cara masuk akun tanpa sandi", ["<input type='password'>" + text for text in paragraphs("sandi", 2)]
        ),
        # A photo page: a caption, nothing else.
        "/foto/pawai-lampion-di-tepi-kapuas": story(
            "Pawai lampion di tepi Kapuas", ["Pawai lampion melintas di tepi Sungai Kapuas, Sabtu malam."]
        ),
        # Slugs that are numbers; a page that says nothing of itself.
        "/read/880011": story("Harga karet naik lagi di Sanggau", paragraphs("karet"), is_bare=True),
        "/read/880012": story("Panen jagung gagal di Singkawang", paragraphs("jagung"), is_bare=True),
        # A short note that comes every day under the same words.
        **{
            f"/jadwal/{day}": story(
                "Jadwal salat hari ini", [f"Subuh 04.1{day}, zuhur 11.3{day}, asar 14.5{day}, magrib 17.4{day}."]
            )
            for day in range(1, 6)
        },
        # One article under two addresses of the host.
        "/nasional/nelayan-kubu-menuntut-solar": story("Nelayan Kubu menuntut solar", paragraphs("solar")),
        "/daerah/nelayan-kubu-menuntut-solar-bersubsidi": story("Nelayan Kubu menuntut solar", paragraphs("solar")),
        # A slug of Latin letters over a headline in another script.
        "/news/wen-jiabao-speech-on-floods": story(
            "總理談水災重建工作的安排", ["總理今天在會上談到水災之後的重建工作安排，並且回答記者的問題。" * 4]
        ),
    }


def test_pages_that_look_like_walls_in_one_way_are_articles(paper: Paper) -> None:
    pages = innocents()
    paper.put(pages)
    paper.crawl(*pages)
    assert {path: paper.reason(path) for path in pages} == dict.fromkeys(pages, "ok")
    others = set(pages) - set(paper.headlines())
    assert len(others) == 1, "the article under two addresses is one"
    assert "nelayan-kubu" in others.pop()


def test_a_session_in_the_address_makes_no_wall_of_an_article(paper: Paper) -> None:
    page = story("Warga gotong royong membersihkan parit", paragraphs("parit"), is_bare=True)
    routes = {f"/lihat/parit?sid={code}": page for code in ("ab12x", "cd34y", "ef56z", "gh78w")}
    paper.put(routes)
    paper.crawl(*routes)
    assert {paper.reason(place) for place in routes} == {"ok"}


def test_a_teaser_takes_the_place_of_no_whole_text(paper: Paper) -> None:
    path = paths()[0]
    paper.put(stories())
    paper.crawl(path)
    whole = paper.texts()[path]
    about = {"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": False}
    sold = f'<script type="application/ld+json">{json.dumps(about)}</script>'
    paper.put({path: story(TITLE, paragraphs(WORD)[:2], is_bare=True, head=sold)})
    for hours in (1, 30):
        paper.crawl(path, hours=hours)
    assert paper.texts()[path] == whole


def test_what_a_first_look_saw_of_a_sold_text_is_completed_by_nobody_s_edit(paper: Paper) -> None:
    """But a story that is still being written grows by its publisher's, and so does one that stays for sale."""
    sold, written, still = paths()[:3]
    offer = "<div class='paywall-box'><b>Berlangganan</b> untuk membaca selengkapnya</div>"
    whole = {path: story(title, paragraphs(word)) for path, (title, word, _) in zip(paths(), SUBJECTS, strict=True)}
    first = {path: story(title, paragraphs(word)[:2]) for path, (title, word, _) in zip(paths(), SUBJECTS, strict=True)}

    def offered(page: bytes) -> bytes:
        return page.replace(b"</article>", offer.encode() + b"</article>")

    paper.put({sold: offered(first[sold]), written: first[written], still: offered(first[still])})
    paper.start(titles())
    paper.put({sold: whole[sold], written: whole[written], still: offered(whole[still])})
    paper.crawl(*paths()[:3], hours=1)
    by = "SELECT a.url, r.replaced_by FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
    assert {paper.place(url): who for url, who in paper.query(by)} == {
        sold: "extractor", written: "publisher", still: "publisher",
    }  # fmt: skip
    assert all(
        paragraphs(word)[6] in paper.texts()[path] for path, (_, word, _) in zip(paths()[:3], SUBJECTS[:3], strict=True)
    )


def test_a_beginning_that_was_sold_twice_in_other_words_is_completed_by_nobody_s_edit(paper: Paper) -> None:
    path, (title, word, _) = paths()[0], SUBJECTS[0]
    offer = b"<div class='paywall-box'><b>Berlangganan</b> untuk membaca selengkapnya</div></article>"
    texts = paragraphs(word)
    first, second = ["Kabar pertama dari lapangan. " + texts[0], texts[1]], texts[:2]
    paper.put({path: story(title, first).replace(b"</article>", offer)})
    paper.start(titles())
    for page in (story(title, second).replace(b"</article>", offer), story(title, texts)):
        paper.put({path: page})
        paper.crawl(path, hours=2)
    assert paper.query("SELECT replaced_by FROM revisions ORDER BY revision") == [("publisher",), ("extractor",)]
    assert texts[6] in paper.texts()[path]


def test_a_start_page_at_another_address_of_an_article_does_not_stay_beside_it(paper: Paper) -> None:
    """Nothing was announced, and the address says nothing; its own page is told by the article that comes instead."""
    home, column, (path, other) = "/b/880013", "/kolom/ramalan-hari-ini", paths()[:2]
    copies = {
        each: story(title, paragraphs(word), head=f"<link rel='canonical' href='{paper.url(each)}'>")
        for each, (title, word, _) in zip((path, other), SUBJECTS, strict=False)
    }
    teaser = paragraphs(SUBJECTS[0][1])[0]  # of each article that it lists
    paper.put(
        {
            home: HOME.replace(b"</h1>", f"</h1><p>{teaser}</p>".encode()),
            column: story("Ramalan hari ini untuk semua", paragraphs("bintang")),
            **copies,
        }
    )
    paper.crawl(path, other, home, column)
    assert paper.headlines()[home] == "Kabar Kapuas", "nothing speaks against it yet"
    paper.put({home: copies[path], column: copies[other]})
    for hours in (8, 8):
        paper.crawl(home, column, hours=hours)
    assert set(paper.headlines()) == {path, other, column}, "what said of itself what it was stays"
    assert paper.query("SELECT count(*) FROM fetches WHERE detail LIKE 'found out later%'") == [(1,)]
    assert paper.query("SELECT count(*) FROM revisions") == [(0,)]


def test_a_notice_of_withdrawal_is_a_version_and_sets_the_moment(paper: Paper) -> None:
    path = paths()[0]
    paper.put(stories())
    paper.crawl(path)
    notice = story(TITLE, ["Redaksi menyatakan artikel ini telah dicabut karena tidak memenuhi kaidah jurnalistik."])
    paper.put({path: notice})
    paper.crawl(path, hours=1)
    assert paper.reason(path) == "ok"
    first = paper.query("SELECT withdrawn_at FROM articles")
    assert first != [(None,)]
    paper.crawl(path, hours=5)
    assert paper.query("SELECT withdrawn_at FROM articles") == first, "the moment when it was first missed"
    assert "withdrawn" in paper.query("SELECT kinds FROM revisions")[0][0]
    paper.put(stories())
    paper.crawl(path, hours=100)
    assert paper.query("SELECT withdrawn_at FROM articles") == [(None,)]


def test_a_notice_that_stands_in_many_places_leaves_the_texts(paper: Paper) -> None:
    notice = story("Pemberitahuan", ["Mohon maaf, artikel ini telah dihapus oleh pengelola situs."], is_bare=True)
    paper.put(stories())
    paper.crawl(*paths())
    before = paper.texts()
    paper.put(dict.fromkeys(paths(), notice))
    for hours in (1, 30):
        paper.crawl(*paths(), hours=hours)
    assert {place: paper.texts()[place] for place in paths()[1:]} == {place: before[place] for place in paths()[1:]}
    assert paper.query("SELECT count(withdrawn_at) FROM articles") == [(4,)]


def test_revisions_and_why_tell_what_waits(paper: Paper) -> None:
    path = paths()[0]
    paper.put(stories())
    paper.crawl(path)
    paper.put({path: story("Undian berhadiah untuk pelanggan baru", paragraphs("undian"))})
    paper.crawl(path, hours=1)
    told = CliRunner().invoke(cli, ["revisions", paper.url(path), "--archive", str(paper.path)])
    assert "not confirmed yet: Undian berhadiah untuk pelanggan baru" in told.output
    told = CliRunner().invoke(cli, ["why", paper.url(path), "--archive", str(paper.path)])
    assert "% of the earlier text is left" in told.output
