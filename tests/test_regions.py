"""Places and their official codes: a certain place gets one, an uncertain one gets none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.regions import Located, locate, province_code, regions
from scraper.regions.region_names import PROVINCE_NAMES, REGION_NAMES
from scraper.regions.region_table import districts
from scraper.sites.registry import SITES


def code(place: str | None, province: str | None = None) -> str | None:
    found = locate(place, province)
    return found.code if found else None


@pytest.mark.parametrize(
    ("place", "province", "expected"),
    [
        # one regency or city has the name, whatever the paper
        ("Pontianak", "Kalimantan Barat", "61.71"),
        ("SURABAYA", "Kalimantan Barat", "35.78"),
        ("Ketapang", None, "61.04"),
        ("Bandarlampung", None, "18.71"),
        ("Bandar Lampung", None, "18.71"),
        ("Jakarta Selatan", None, "31.74"),
        ("Batu", "Kalimantan Barat", "35.79"),
        # the dateline says whether city or regency
        ("KOTA MADIUN", "Jawa Timur", "35.77"),
        ("Kab. Malang", None, "35.07"),
        ("Kabupaten Bogor", None, "32.01"),
        # one province has both: it is certain, and no more
        ("Madiun", "Jawa Timur", "35"),
        ("Bogor", None, "32"),
        ("Jambi", None, "15"),
        ("Gorontalo", None, "75"),
        ("Yogyakarta", None, "34"),
        # two provinces have the name: only the paper's can tell
        ("Banjar", None, None),
        ("Banjar", "Jawa Barat", "32.79"),
        ("Banjar", "Kalimantan Selatan", "63.03"),
        # provinces, also by their short names
        ("JAKARTA", "Bali", "31"),
        ("Bali", None, "51"),
        ("NTB", None, "52"),
        # what papers call regions
        ("OKI", None, "16.02"),
        ("TANA PASER", None, "64.01"),
        ("SIANTAR", "Sumatera Utara", "12.72"),
        ("Solo", None, "33.72"),
        # with what contains it
        ("Mataram, NTB", None, "52.71"),
        ("Bandarlampung, Lampung", None, "18.71"),
        ("Semarang, Jateng", None, "33"),
        ("Kuta, Bali", None, "51.03"),
        ("Entah, Bali", None, "51"),
        ("Pujut, Lombok Tengah", None, "52.02"),
        ("Cibinong, Kabupaten Bogor", "DKI Jakarta", "32.01"),
        ("London, Inggris", "Bali", None),
        ("Ketapang, Lampung", None, "18.01"),
        # districts only where a province is known
        ("Ratatotok", "Sulawesi Utara", "71.07"),
        ("Ratatotok", None, None),
        ("Ratatotok", "Bali", None),
        ("SANGATTA", "Kalimantan Timur", "64.08"),
        # a regency elsewhere and a district here
        ("Ketapang", "Lampung", None),
        # abroad, or nothing
        ("Tel Aviv", "Kalimantan Barat", None),
        ("Lombok", None, None),
        (", ", "Bali", None),
        (None, None, None),
    ],
)
def test_a_place_gets_its_code_or_none(place: str | None, province: str | None, expected: str | None) -> None:
    assert code(place, province) == expected


def test_the_papers_province_stands_in_where_no_dateline_is_printed() -> None:
    assert locate(None, "Jawa Timur") == Located(code="35", source="portal")
    assert locate("  ", "Jawa Timur") == Located(code="35", source="portal")
    assert locate("Surabaya", "Jawa Timur") == Located(code="35.78", source="dateline")
    assert locate("Singapura", "Jawa Timur") is None


@given(st.text(max_size=60), st.one_of(st.none(), st.sampled_from(sorted(PROVINCE_NAMES))))
def test_any_text_has_a_code_of_the_table_or_none(place: str, province: str | None) -> None:
    name = regions()[province].name if province else None
    found = locate(place, name)
    assert found is None or found.code in regions()


@given(st.sampled_from(sorted(regions())), st.sampled_from(sorted(PROVINCE_NAMES)))
def test_an_official_name_is_understood_in_any_paper(region: str, province: str) -> None:
    known = regions()[region]
    found = code(known.name.upper(), regions()[province].name)
    if known.level == "province":  # a city may share its name
        assert found in (region, None) or (found or "").startswith(region)
    else:
        assert found == region


def test_the_table_is_whole() -> None:
    known = regions()
    assert sum(each.level == "province" for each in known.values()) == 38
    assert sum(each.level == "regency" for each in known.values()) == 416
    assert sum(each.level == "city" for each in known.values()) == 98
    assert all(each.parent is None or known[each.parent].name == each.province for each in known.values())
    assert set(districts()) == {each.code for each in known.values() if each.parent}
    assert {each.name for each in known.values()} >= set(REGION_NAMES)
    assert set(known) >= set(PROVINCE_NAMES)


def test_every_province_that_a_site_states_is_one() -> None:
    stated = {portal.province for site in SITES for portal in site.portals if portal.province}
    assert {name: province_code(name) for name in stated if province_code(name) is None} == {}


def test_the_table_is_that_of_the_package_it_is_taken_from() -> None:
    from lokal import wilayah  # noqa: PLC0415  (it loads a library of models, whoever collects the tests)

    provinces = wilayah.list_wilayah()
    official = {each.code: each.name for each in provinces}
    official |= {each.code: each.name for province in provinces for each in wilayah.list_wilayah(province.code)}
    assert {code: each.name for code, each in regions().items()} == {
        code: name.replace("Kep. ", "Kepulauan ") for code, name in official.items()
    }
    for holder, names in districts().items():
        assert names == tuple(each.name for each in wilayah.list_wilayah(holder))
