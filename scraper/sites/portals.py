"""Tables of portals: sub-domains with their brand and province, from which the time zone follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.sites import Portal

if TYPE_CHECKING:
    from collections.abc import Iterable

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
# Presidential decree 41/1987: West and Central Kalimantan keep western time, South and East Kalimantan and Bali central
# time; North Kalimantan and the provinces of Papua were cut out of these later.
ZONES = {
    **dict.fromkeys(
        (
            "Aceh", "Sumatera Utara", "Sumatera Barat", "Riau", "Kepulauan Riau", "Jambi", "Sumatera Selatan", "Kepulauan Bangka Belitung",
            "Bengkulu", "Lampung", "Banten", "DKI Jakarta", "Jawa Barat", "Jawa Tengah", "DI Yogyakarta", "Jawa Timur", "Kalimantan Barat",
            "Kalimantan Tengah",
        ),
        WIB,
    ),
    **dict.fromkeys(
        (
            "Bali", "Nusa Tenggara Barat", "Nusa Tenggara Timur", "Kalimantan Selatan", "Kalimantan Timur", "Kalimantan Utara", "Sulawesi Utara",
            "Sulawesi Tengah", "Sulawesi Selatan", "Sulawesi Tenggara", "Sulawesi Barat", "Gorontalo",
        ),
        WITA,
    ),
    **dict.fromkeys(
        (
            "Maluku", "Maluku Utara", "Papua", "Papua Barat", "Papua Barat Daya", "Papua Selatan", "Papua Tengah", "Papua Pegunungan",
        ),
        WIT,
    ),
}  # fmt: skip


def zone_of(province: str | None) -> str:
    """The zone that a paper of a province prints its dates in; that of Jakarta for a national one."""
    return ZONES[province] if province else WIB


def papers(prefix: str, domain: str, rows: Iterable[tuple[str, str, str | None]]) -> tuple[Portal, ...]:
    """Portals on sub-domains of one domain, from rows (sub-domain, brand, province); the slug is PREFIX-SUBDOMAIN."""
    return tuple(
        Portal(
            slug=f"{prefix}-{sub}",
            brand=brand,
            hosts=(f"{sub}.{domain}",),
            zone=zone_of(province),
            province=province,
        )
        for sub, brand, province in rows
    )


def desks(prefix: str, domain: str, brand: str, names: Iterable[str]) -> tuple[Portal, ...]:
    """The desks of a national paper, each on a sub-domain of its own."""
    return papers(prefix, domain, ((name, brand, None) for name in names))
