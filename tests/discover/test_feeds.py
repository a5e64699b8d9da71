"""Feeds of every dialect, whole, broken and hostile."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import looks_like, parse_feed
from scraper.errors import DiscoverError
from scraper.reasons import Reason

URL = "https://contoh.id/rss"


def rss(*items: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Contoh</title><link>https://contoh.id/</link>{"".join(items)}</channel></rss>'.encode()


def item(link: str, title: str = "Judul", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def test_an_rss_item_gives_its_link_title_and_date() -> None:
    found = parse_feed(
        rss(
            item(
                "https://contoh.id/a?utm_source=rss",
                "Satu &amp; dua",
                "<pubDate>Mon, 07 Oct 2019 14:05:00 +0700</pubDate>",
            )
        ),
        URL,
    )
    (link,) = found.links
    assert (link.url, link.raw_url) == ("https://contoh.id/a", "https://contoh.id/a?utm_source=rss")
    assert (link.title, link.kind, link.found_on) == ("Satu & dua", "article", URL)
    assert link.published_at == datetime.fromisoformat("2019-10-07T14:05:00+07:00")
    assert (found.skipped, found.is_cut) == (0, False)


SY = '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" version="2.0"><channel>'


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("", None),
        ("<ttl>60</ttl>", 60),
        ("<ttl> 5 </ttl>", 5),
        ("<ttl>nol</ttl>", None),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 30),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 1440),
        ("<sy:updateFrequency>24</sy:updateFrequency>", 60),
        ("<sy:updatePeriod>always</sy:updatePeriod>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>10</ttl>", 10),
    ],
)
def test_how_long_a_feed_says_that_it_stays_as_it_is(said: str, minutes: int | None) -> None:
    entry = item("https://contoh.id/a", rest="<ttl>7</ttl>")  # of an entry, which says nothing about the feed
    found = parse_feed(f"{SY}{said}{entry}</channel></rss>".encode(), URL)
    assert len(found.links) == 1
    assert found.stays == (timedelta(minutes=minutes) if minutes else None)


def test_rdf_and_rss_091_with_its_dtd_are_read() -> None:
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://contoh.id/"><link>https://contoh.id/</link></channel>
      <item rdf:about="x"><title>Judul</title><link>https://contoh.id/a</link><dc:date>2019-10-07T14:05:00+07:00</dc:date></item></rdf:RDF>"""
    (link,) = parse_feed(rdf, URL).links
    assert link.published_at is not None
    old = rss(
        item("/b", "Caf&eacute;"),
        head='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://contoh.id/rss-0.91.dtd">',
    )
    (link,) = parse_feed(old, URL).links
    assert (link.url, link.title) == ("https://contoh.id/b", "Café")


def test_an_atom_entry_gives_its_alternate_link() -> None:
    atom = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://contoh.id/feed"/>
      <entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Judul <b>tebal</b></div></title>
        <link rel="enclosure" href="https://contoh.id/foto.jpg"/><link href="/a"/><id>tag:contoh.id,2019:1</id>
        <updated>2019-10-08T00:00:00Z</updated><published>2019-10-07T00:00:00Z</published></entry></feed>"""
    (link,) = parse_feed(atom, URL).links
    assert (link.url, link.title) == ("https://contoh.id/a", "Judul tebal")
    assert link.published_at == datetime.fromisoformat("2019-10-07T00:00:00+00:00")


def test_a_json_feed_is_read_and_an_id_is_no_relative_address() -> None:
    items = [
        {"id": "1", "url": "https://contoh.id/a", "title": "Judul", "date_published": "2019-10-07T14:05:00+07:00"},
        {"id": "https://contoh.id/b", "title": 7},
        {"id": "3"},
        "teks",
        {"url": "https://contoh.id/"},
    ]
    found = parse_feed(
        b"\xef\xbb\xbf" + json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode(), URL
    )
    assert [link.url for link in found.links] == ["https://contoh.id/a", "https://contoh.id/b"]
    assert [link.title for link in found.links] == ["Judul", None]
    assert found.skipped == 3


def test_the_guid_counts_where_the_link_is_empty() -> None:
    found = parse_feed(
        rss(item("", rest="<guid>https://contoh.id/berita/5/judul</guid>"), item("", rest="<guid>5</guid>")), URL
    )
    assert [link.url for link in found.links] == ["https://contoh.id/berita/5/judul"]
    assert found.skipped == 1


def test_items_that_lead_to_the_front_page_are_counted_and_dropped() -> None:
    found = parse_feed(
        rss(item("https://contoh.id"), item("https://contoh.id/?utm_source=rss"), item("https://contoh.id/?p=12")), URL
    )
    assert [link.url for link in found.links] == ["https://contoh.id/?p=12"]
    assert found.skipped == 2


def test_the_original_link_comes_before_the_one_that_counts_clicks() -> None:
    body = rss(
        item(
            "https://klik.contoh.com/1",
            rest='<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://contoh.id/a</f:origLink>',
        )
    )
    assert parse_feed(body, URL).links[0].url == "https://contoh.id/a"


def test_the_title_of_a_picture_is_not_the_title_of_the_item() -> None:
    media = '<media:title xmlns:media="http://search.yahoo.com/mrss/">Foto</media:title>'
    body = rss(
        f"<item>{media}<title>Judul &amp;#8211; &lt;b&gt;dua&lt;/b&gt;</title><link>https://contoh.id/a</link></item>"
    )
    assert parse_feed(body, URL).links[0].title == "Judul – dua"


def test_a_feed_with_bare_ampersands_and_html_entities_is_mended() -> None:
    body = rss(
        item("https://contoh.id/a?x=1&y=2", "Satu&nbsp;&dua & \x0btiga"),
        item("<![CDATA[https://contoh.id/b?x=1&y=2]]>"),
        item("https://contoh.id/c?x=1&amp;y=2"),
    )
    found = parse_feed(body, URL)
    assert [link.url for link in found.links] == [f"https://contoh.id/{name}?x=1&y=2" for name in "abc"]
    assert found.links[0].title == "Satu &dua & tiga"
    assert not found.is_cut


TWO = ["https://contoh.id/a", "https://contoh.id/b"]
PAIR = rss(item(TWO[0], "Jembatan – dua"), item(TWO[1]))
ENTITIES = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + PAIR,
        PAIR.decode().encode("utf-16-le"),
        b"<br />\n<b>Warning</b>: Undefined variable $x in <b>/srv/f.php</b> on line <b>3</b><br />\n<?xml version='1.0'?>"
        + PAIR,
        b"Notice: Undefined index\n\n" + PAIR,
        b"<!-- <html> by a cache -->\n" + PAIR,
        PAIR + b"<br />\n<b>Warning</b>: too late",
        rss(item(TWO[0], "Satu&nbsp;dua &x;"), item(TWO[1]), head=ENTITIES),
        PAIR.removesuffix(b"</channel></rss>"),
        PAIR[: PAIR.index(b"</channel>")] + b"<item><title>Tiga</title><link>https://contoh.id/ti",
        rss("<item><title>Satu<link>https://contoh.id/a</link></item>", item(TWO[1])),
        rss("<item><title>Satu</titel><link>https://contoh.id/a</link></item>", item(TWO[1])),
        rss(item(TWO[0], "1 < 2 & 3"), item(TWO[1])),
        rss(item(TWO[0], "<![CDATA[Satu"), item(TWO[1])),
        rss(item(TWO[0], rest="<media:content url='u'><media:link>/m</media:link></media:content>"), item(TWO[1])),
        rss(f"<item><description><p>a<br>b<img src=f></description><link>{TWO[0]}</link></item>", item(TWO[1])),
        rss(f"<item><link>{TWO[0]}</link>", item(TWO[1])),
        PAIR.replace(b"item>", b"ITEM>").replace(b"link>", b"LINK>"),
        gzip.compress(gzip.compress(PAIR)),
        PAIR.replace(b"\xe2\x80\x93", b"\xff"),
    ],
)
def test_a_feed_is_read_however_its_server_broke_it(body: bytes) -> None:
    assert looks_like(body, URL) == "feed"
    assert [link.url for link in parse_feed(body, URL).links] == TWO


@pytest.mark.parametrize(
    ("title", "charset", "header", "declared", "rest"),
    [
        ("Brücke", "utf-8", "iso-8859-1", "utf-8", ""),  # a server's default, against the bytes themselves
        ("Brücke", "utf-8", None, "iso-8859-1", ""),
        ("Brücke", "latin-1", "iso-8859-1", "utf-8", ""),
        ("Brücke", "latin-1", None, "utf-8", ""),
        ("Brücke", "latin-1", None, None, ""),
        ("大桥重新开放", "gbk", None, "gb2312", ""),
        ("大桥重新开放", "gbk", "iso-8859-1", "gb2312", ""),
        ("大桥重新开放", "gbk", "gbk", None, ""),
        ("大桥重新开放", "gbk", None, None, "<language>zh-cn</language>"),
        ("橋が開通", "cp932", None, "Shift_JIS", ""),
        ("Мост открыт", "cp1251", "windows-1251", "utf-8", ""),
        ("Мост открыт", "cp1251", None, None, "<language>ru</language>"),
    ],
)
def test_a_feed_is_decoded_by_what_fits(
    title: str, charset: str, header: str | None, declared: str | None, rest: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = rss(rest, item("/a", title), head=declaration).decode()
    assert [link.title for link in parse_feed(text.encode(charset), URL, charset=header).links] == [title]


def test_one_bad_byte_changes_no_other() -> None:
    body = rss(item("/a", "Jalan – baru – dibuka X")).replace(b"X", b"\xe9")
    assert parse_feed(body, URL).links[0].title == "Jalan – baru – dibuka \ufffd"


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}>{}</feed>'


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (ATOM.format(' xml:base="https://contoh.id/x/"', '<entry><link href="a"/></entry>'), "https://contoh.id/x/a"),
        (ATOM.format(' xml:base="/x/"', '<entry xml:base="y/"><link xml:base="z/" href="a"/></entry>'), "https://contoh.id/x/y/z/a"),
        (ATOM.format("", '<entry xml:base="/x/"><link href="a"></entry>'), "https://contoh.id/x/a"),
        (rss("<item><link>x/a</link></item>").decode(), "https://contoh.id/x/a"),  # of the site, not of the feed's place
        (ATOM.format("", '<entry><link rel="alternate" type="application/pdf" href="/p.pdf"/><link type="text/html" href="/a"/></entry>'), "https://contoh.id/a"),
        (ATOM.format("", '<entry><link rel="http://www.iana.org/assignments/relation/alternate" href="/a"/></entry>'), "https://contoh.id/a"),
        (ATOM.format("", '<entry><id>tag:x</id><link rel="self" href="/s"/><content type="text/html" src="/a"/></entry>'), "https://contoh.id/a"),
        (rss(item("https://klik.contoh.com/1", rest="<guid>https://contoh.id/a</guid>")).decode(), "https://contoh.id/a"),
        (rss(item("/go?u=https%3A%2F%2Fcontoh.id%2Fa", rest="<guid>https://contoh.id/a</guid>")).decode(), "https://contoh.id/a"),
        (rss(item("/a", rest='<guid isPermaLink="false">https://contoh.id/?p=7</guid>')).decode(), "https://contoh.id/a"),
        (rss(item("/a", rest="<guid>https://contoh.id/?p=7</guid>")).decode(), "https://contoh.id/a"),
        (rss(item("https://lain.id/a", rest="<guid>https://ketiga.id/7</guid>")).decode(), "https://lain.id/a"),
    ],
)  # fmt: skip
def test_an_item_leads_to_its_page(body: str, url: str) -> None:
    assert [link.url for link in parse_feed(body.encode(), "https://contoh.id/feeds/1.xml").links] == [url]


def test_a_feed_that_breaks_midway_gives_what_came_before() -> None:
    whole = rss(*(item(f"https://contoh.id/{number}") for number in range(5)))
    found = parse_feed(whole[: whole.index(b"/3<") + 2], URL)
    assert [link.url[-1] for link in found.links] == ["0", "1", "2"]
    assert found.is_cut


def test_a_feed_is_read_to_its_limit_only() -> None:
    found = parse_feed(rss(*(item(f"https://contoh.id/{number}") for number in range(1001))), URL)
    assert (len(found.links), found.is_cut) == (1000, True)
    body = json.dumps({"items": [{"url": f"/{number}"} for number in range(1001)]}).encode()
    assert (len(parse_feed(body, URL).links), parse_feed(body, URL).is_cut) == (1000, True)


def test_a_repeated_item_is_one_link() -> None:
    assert len(parse_feed(rss(item("/a"), item("/a?utm_medium=x"), item("/a#b")), URL).links) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252", "iso-8859-1"])
def test_a_feed_says_its_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + rss(item("/a", "Kafé")).decode()
    assert parse_feed(text.encode(encoding), URL).links[0].title == "Kafé"


def test_a_gzipped_feed_is_read() -> None:
    assert len(parse_feed(gzip.compress(rss(item("/a"))), URL).links) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.UNPARSABLE),
        (b"{}", Reason.UNPARSABLE),
        (b"{" * 100_000, Reason.UNPARSABLE),
        (b'{"items": 1}', Reason.UNPARSABLE),
        (b"bukan apa-apa", Reason.UNPARSABLE),
        (b'<?xml version="1.0" encoding="rot13"?><rss>', Reason.UNPARSABLE),
        (b"<a>" * 200_000, Reason.UNPARSABLE),
        (b"<rss><item>" + b"<a/>" * 30_000, Reason.UNPARSABLE),
        (
            b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><link>&b;</link></item></rss>',
            Reason.UNPARSABLE,
        ),
        (
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><link>&x;</link></item></rss>',
            Reason.UNPARSABLE,
        ),
        (b"<rss>" + b" " * (10 << 20), Reason.TOO_BIG),
        (gzip.compress(b"<rss>" + b" " * (10 << 20), mtime=0), Reason.TOO_BIG),
        (b"\x1f\x8bxx", Reason.BAD_ENCODING),
    ],
)
def test_what_is_no_feed_has_a_reason(body: bytes, reason: Reason) -> None:
    with pytest.raises(DiscoverError) as raised:
        parse_feed(body, URL)
    assert raised.value.reason is reason
    assert raised.value.url == URL


@given(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from([b"<rss>", b"<item>", b"<link>", b"</link>", b"</item>", b"&", b"<![CDATA[", b"]]>", b"/a"])
    ),
)
def test_any_bytes_give_links_or_a_discover_error(noise: bytes, parts: list[bytes]) -> None:
    for body in (
        noise,
        b"".join(parts),
        b"<rss><item><link>/a</link></item>" + noise,
        b"{" + noise,
        b"\x1f\x8b" + noise,
    ):
        try:
            found = parse_feed(body, URL)
        except DiscoverError:
            continue
        assert all(link.url.startswith("http") for link in found.links)
