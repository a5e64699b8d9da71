"""Definitions in TOML: the complete documented example, and one clear line for everything that can be wrong."""

from __future__ import annotations

import pickle
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import SiteError
from scraper.sites import Discovery, Embedded, Layout, Portal, Site
from scraper.sites.definition import parse_sites
from scraper.sites.registry import SITES, all_sites, by_slug, find_portal, is_article_url, own_sites, use_sites
from scraper.sites.validation import check_site
from scraper.typed import field_names
from scraper.urls import Desktop, UrlRules

DOCS = Path(__file__).parent.parent.parent / "docs" / "sites.md"
EXAMPLES = dict(re.findall(r"```toml\n# my-sites/([a-z-]+)\.toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL))

OWN = """
slug = "muara"
brand = "Muara"
hosts = ["muara.example"]
article_path = '^/berita/'
[[layouts]]
name = "muara/2020"
headline = ["h1"]
body = ["div.isi"]
"""


[WORDPRESS] = parse_sites('profile = "wordpress"\nslug = "a"\nbrand = "A"\nhosts = ["a.example"]')
LAYOUTS, DISCOVERY = WORDPRESS.layouts, WORDPRESS.discovery


@pytest.fixture(autouse=True)
def _catalogue_only() -> None:
    use_sites(())


def test_a_wordpress_paper_is_three_lines() -> None:
    (site,) = parse_sites('profile = "wordpress"\nslug = "rawa"\nbrand = "Suara Rawa"\nhosts = ["suararawa.example"]')
    assert (site.name, site.title, site.layouts, site.discovery) == ("rawa", "Suara Rawa", LAYOUTS, DISCOVERY)
    assert site.portals[0].hosts == ("suararawa.example", "www.suararawa.example")
    assert site.portals[0].zone == "Asia/Jakarta"


def test_the_documented_examples_are_usable() -> None:
    (rawa,) = parse_sites(EXAMPLES["suara-rawa"])
    assert rawa.portals[0].province == "Kalimantan Selatan"
    (muara,) = parse_sites(EXAMPLES["harian-muara"])
    newest, oldest = muara.layouts
    assert newest.embedded == Embedded(selector="script#artikel", root="artikel")
    assert (oldest.since, oldest.until, oldest.checked) == (date(2019, 1, 1), date(2025, 1, 31), date(2021, 8, 2))
    assert muara.other_path is not None
    assert is_article_url(muara, "https://harianmuara.example/2025/05/20/air-pasang")
    assert not is_article_url(muara, "https://harianmuara.example/tag/2025/05/20/air-pasang")


def test_the_documentation_names_every_key() -> None:
    text = DOCS.read_text("utf-8")
    for kind in (Site, Portal, Discovery, Layout, Embedded, UrlRules, Desktop):
        for key in field_names(kind):
            assert re.search(rf"`\[*{key}\]*`", text), key


def test_what_a_paper_has_of_its_own_goes_before_the_profile() -> None:
    (site,) = parse_sites(
        """profile = "wordpress"
        slug = "rawa"
        brand = "Suara Rawa"
        hosts = ["suararawa.example"]
        article_path = '^/kabar/'
        [discovery]
        sections = ["https://{host}/kabar/"]
        [[layouts]]
        name = "rawa/2024"
        headline = ["h1.judul"]
        body = [".isi"]
        """
    )
    assert [layout.name for layout in site.layouts] == ["rawa/2024", *(layout.name for layout in LAYOUTS)]
    assert site.discovery.sections == ("https://{host}/kabar/",)
    assert site.discovery.feeds == DISCOVERY.feeds
    assert site.article_path.pattern == "^/kabar/"


def test_a_file_may_hold_several() -> None:
    sites = parse_sites(
        '[[sites]]\nprofile = "wordpress"\nslug = "a"\nbrand = "A"\nhosts = ["a.example"]\n'
        '[[sites]]\nprofile = "wordpress"\nslug = "b"\nbrand = "B"\nhosts = ["b.example"]\n'
    )
    assert [site.name for site in sites] == ["a", "b"]
    use_sites(sites)
    assert by_slug("b") == (sites[1], sites[1].portals)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("slug =", "slog ="), "line 2: slog: there is no such key (did you mean slug?)"),
        (('slug = "muara"\n', ""), "slug: it is missing"),
        (("muara.example", "https://muara.example/"), "portals[0].hosts: 'https://muara.example/' is not a host name"),
        (("muara.example", "Muara.Example"), "is not a host name"),
        (('["muara.example"]', '"muara.example"'), "line 4: hosts: it must be a list"),
        (('"Muara"', "7"), "brand: it must be a text in quotes"),
        (('"Muara"', '""'), "portals[0].brand: it is empty"),
        (('slug = "muara"', 'slug = "Muara Raya"'), "is not a slug"),
        (('slug = "muara"', 'slug = "check"'), "'check' is not a slug"),
        (('brand = "Muara"', 'brand = "Muara"\nzone = "Asia/Pontianak_"'), "zone: 'Asia/Pontianak_' is not an IANA time zone"),
        (('brand = "Muara"', 'brand = "Muara"\nzone = "../etc"'), "is not an IANA time zone"),
        (('brand = "Muara"', 'brand = "Muara"\nprofile = "drupal"'), "line 4: profile: 'drupal' is none of disway, kly, promedia, unseen, wordpress"),
        (("'^/berita/'", "'^/(berita'"), "article_path: '^/(berita' is not a regular expression"),
        (("article_path = '^/berita/'", ""), "article_path: it is missing"),
        (("div.isi", "div[=isi]"), "layouts[0].body: 'div[=isi]' is not a CSS selector"),
        (("div.isi", "script#isi"), "layouts[0].body: 'script#isi': scripts and frames are not read"),
        (("div.isi", "p:nth-child(2)"), "layouts[0].body: 'p:nth-child(2)': :nth-… and ~ take too long"),
        (("div.isi", "h1 ~ p"), "layouts[0].body: 'h1 ~ p': :nth-… and ~ take too long"),
        (("div.isi", ""), "layouts[0].body: '' is not a CSS selector"),
        (('body = ["div.isi"]', ""), "layouts[0].body: it is missing"),
        (('["div.isi"]', "[]"), "layouts[0].body: there is no selector"),
        (('["div.isi"]', '["data:isi"]'), "layouts[0].body: 'data:isi' reads data, but the layout has no `embedded`"),
        (("headline =", "title ="), "line 8: layouts[0].title: there is no such key"),
        (('brand = "Muara"', 'brand = "Muara"\nprovince = "Kalimantan Brat"'), "line 4: province: 'Kalimantan Brat' is not a province; did you mean Kalimantan Barat?"),
        (("headline =", 'like = "muara/2019"\nheadline ='), "layouts[0].like: 'muara/2019' is not the name of another layout"),
        (("headline =", 'like = "muara/2020"\nheadline ='), "layouts[0].like: 'muara/2020' is not the name of another layout"),
        (("headline =", 'use = "tribun/2019"\nheadline ='), "layouts[0].use: a layout that is used as it is has no other keys"),
        (('["div.isi"]', '["@isi"]'), "layouts[0].body: '@isi': there is no such list in `lists`"),
        (('"muara/2020"', '"2020"'), "layouts[0].name: '2020' is not like site/2024"),
        (("headline =", "since = 2020-01-01T00:00:00\nheadline ="), "layouts[0].since: it must be a day without quotes"),
        (("headline =", "since = 2021-01-01\nuntil = 2020-01-01\nheadline ="), "layouts[0].since: it is after until"),
        (("headline =", 'confidence = "sure"\nheadline ='), "line 8: layouts[0].confidence: 'sure' is none of"),
        (("headline =", 'kind = "photo"\nheadline ='), "layouts[0].kind: 'photo' is none of article, gallery"),
        (("headline =", "wrong_offset = 1\nheadline ="), "layouts[0].wrong_offset: it must be true or false"),
        (("headline =", 'embedded = "script"\nheadline ='), "layouts[0].embedded: it must be a table"),
        (("headline =", "embedded = {}\nheadline ="), "layouts[0].embedded.selector: it is missing"),
        (("headline =", 'embedded = { selector = "a[" }\nheadline ='), "layouts[0].embedded.selector: 'a[' is not a CSS selector"),
        (("headline =", 'embedded = { selector = "a", root = "a..b" }\nheadline ='), "layouts[0].embedded.root: 'a..b' is not a path"),
        (("headline =", 'embedded = { selector = "a", after = "(" }\nheadline ='), "layouts[0].embedded.after: '(' is not a regular expression"),
        (("headline =", 'embedded = { selector = "a" }\ndrop = ["data:x"]\nheadline ='), "layouts[0].drop: 'data:x': only CSS selectors"),
        (("[[layouts]]", '[discovery]\nfeeds = ["https://{host.x}/rss"]\n[[layouts]]'), "line 7: discovery.feeds: 'https://{host.x}/rss' has a placeholder"),
        (("[[layouts]]", '[discovery]\nfeeds = ["https://{host[0]}/{host!r}"]\n[[layouts]]'), "line 7: discovery.feeds: "),
        (("[[layouts]]", '[discovery]\nby_date = "https://{host}/{year:99999999999}/{month}/{day}"\n[[layouts]]'), "line 7: discovery.by_date: "),
        (("[[layouts]]", '[discovery]\nsections = ["https://{host"]\n[[layouts]]'), "line 7: discovery.sections: "),
        (('"Muara"', "[" * 5_000), "not TOML"),
        (("[[layouts]]", '[discovery]\nfeeds = ["https://{hots}/rss"]\n[[layouts]]'), "discovery.feeds: 'https://{hots}/rss' has a placeholder"),
        (("[[layouts]]", '[discovery]\nfeeds = ["ftp://{host}/"]\n[[layouts]]'), "discovery.feeds: 'ftp://{host}/' is not an http or https URL"),
        (("[[layouts]]", '[[discovery.by_date]]\nurl = "https://{host}/{day}/{year}"\n[[layouts]]'), "names a {day} without its {month}"),
        (("[[layouts]]", "[discovery]\nfeed = []\n[[layouts]]"), "discovery.feed: there is no such key"),
        (("[[layouts]]", "lists = 3\n[[layouts]]"), "lists: it must be a table"),
        (("[[layouts]]", "[layouts]"), "layouts: it must be a list of tables: [[layouts]]"),
        (("[[layouts]]", '[[portals]]\nslug = "x"\n[[layouts]]'), "slug: it belongs in [[portals]]"),
        (("[[layouts]]", '[discovery]\nlink = "https://{host}/{slug}"\n[[layouts]]'), "discovery.link: it goes with embedded"),
        (("[[layouts]]", '[discovery]\nembedded = { selector = "a[" }\nlink = "https://{host}/"\n[[layouts]]'), "discovery.embedded.selector: 'a['"),
        (("[[layouts]]", '[[discovery.by_date]]\nurl = "x"\npage_step = "20"\n[[layouts]]'), "discovery.by_date[0].page_step: it must be a whole number"),
        (("[[layouts]]", "[[discovery.by_date]]\nurl = 'https://x.id/{year}{month}{day}'\npage_step = 0\n[[layouts]]"), "discovery.by_date[0].page_step: pages are counted from 0"),
        (("headline =", "page_path = '/page/'\nheadline ="), "layouts[0].page_path: '/page/' must have one group"),
        (('slug = "muara"', 'slug = "muara"\npath = "jatim"'), "path: 'jatim' is not like /jatim"),
        (('slug = "muara"', "slug = muara"), "not TOML:"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: tuple[str, str], told: str) -> None:
    assert change[0] in OWN
    with pytest.raises(SiteError) as raised:
        parse_sites(OWN.replace(*change))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_layout_takes_from_another_what_it_does_not_say_itself() -> None:
    [site] = parse_sites(
        OWN.replace("[[layouts]]", '[lists]\nboxes = [".iklan", ".baca"]\n[[layouts]]', 1)
        + """drop = ["figure", "@boxes"]
        source = "a page"
        until = 2022-12-31
        [[layouts]]
        name = "muara/2023"
        like = "muara/2020"
        body = ["div.teks"]
        [[layouts]]
        use = "tribun/2019"
        """
    )
    old, new, tribun = site.layouts
    assert old.drop == ("figure", ".iklan", ".baca")
    assert (new.headline, new.body, new.drop) == (old.headline, ("div.teks",), old.drop)
    assert (new.until, new.source) == (None, "")  # when and from where is each layout's own
    assert tribun in by_slug("tribun")[0].layouts  # type: ignore[index]


def test_a_paper_prints_the_time_of_its_province() -> None:
    [bali] = parse_sites(OWN.replace('brand = "Muara"', 'brand = "Muara"\nprovince = "Bali"'))
    [wib] = parse_sites(OWN.replace('brand = "Muara"', 'brand = "Muara"\nprovince = "Bali"\nzone = "Asia/Jakarta"'))
    assert (bali.portals[0].zone, wib.portals[0].zone) == ("Asia/Makassar", "Asia/Jakarta")


def test_a_site_of_ones_own_is_extended_as_one_of_the_catalogue() -> None:
    own = parse_sites(OWN)
    [site] = parse_sites('extends = "muara"\n[[layouts]]\nname = "muara/2025"\nbody = ["main"]', own)
    assert [layout.name for layout in site.layouts] == ["muara/2025", "muara/2020"]
    with pytest.raises(SiteError, match=re.escape("line 1: extends: 'mura' is not a site (write the network's name")):
        parse_sites('extends = "mura"\n[[layouts]]\nname = "muara/2025"\nbody = ["main"]', own)


def test_every_definition_of_the_catalogue_is_a_users_too() -> None:
    for file in files("scraper.sites").joinpath("catalogue").iterdir():
        [site] = parse_sites(file.read_text("utf-8"))
        assert f"{site.name}.toml" == file.name
        assert site in SITES


def test_without_layouts_or_profile_there_is_nothing_to_read_by() -> None:
    with pytest.raises(SiteError, match="layouts: there is none"):
        parse_sites(OWN.partition("[[layouts]]")[0])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"muara"', '"tribun-pontianak"'), "the slug 'tribun-pontianak' is taken by tribun"),
        (("muara.example", "pontianak.tribunnews.com"), "the host 'pontianak.tribunnews.com' is taken by tribun"),
        (("muara/2020", "tribun/2019"), "the layout name 'tribun/2019' is taken by tribun"),
    ],
)
def test_what_the_catalogue_has_cannot_be_taken(change: tuple[str, str], told: str) -> None:
    sites = parse_sites(OWN.replace(*change))
    with pytest.raises(SiteError, match=re.escape(told)):
        use_sites(sites)
    assert all_sites() == SITES


def test_own_sites_are_found_beside_the_catalogue_and_go_again() -> None:
    use_sites(parse_sites(OWN))
    assert [site.name for site in own_sites()] == ["muara"]
    assert find_portal("https://muara.example/berita/1")[1] is not None
    assert find_portal("https://pontianak.tribunnews.com/x")[1] is not None
    use_sites(())
    assert find_portal("https://muara.example/berita/1") == (None, None)


def test_definitions_can_be_handed_to_another_process() -> None:
    """A process that reads pages for this one uses the same sites."""
    own = parse_sites(EXAMPLES["harian-muara"])
    assert pickle.loads(pickle.dumps(own)) == own  # noqa: S301  (our own)
    assert pickle.loads(pickle.dumps(SITES)) == SITES  # noqa: S301  (our own)


@given(st.text())
def test_any_text_is_a_definition_or_a_site_error(text: str) -> None:
    try:
        assert all(not check_site(site) for site in parse_sites(text))
    except SiteError as error:
        assert str(error)


_KEYS = st.sampled_from(
    [
        "slug",
        "brand",
        "hosts",
        "zone",
        "profile",
        "article_path",
        "layouts",
        "portals",
        "discovery",
        "sites",
        "note",
        "name",
        "credit_names",
        "sign_offs",
        "lines",
        "urls",
        "lists",
        "extends",
    ]
)
_VALUES = st.sampled_from(
    ['"a"', '["a.example"]', "1", "true", "2024-05-02", "[]", "{}", "[{}]", '"("', '"wordpress"', '"/x"', '"tribun"']
)


@given(st.dictionaries(_KEYS, _VALUES))
def test_any_values_of_the_known_keys_are_a_definition_or_a_site_error(table: dict[str, str]) -> None:
    try:
        sites = parse_sites("\n".join(f"{key} = {value}" for key, value in table.items()))
    except SiteError as error:
        assert ":" in str(error)
    else:
        assert all(not check_site(site) for site in sites)
