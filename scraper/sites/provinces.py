"""The provinces of Indonesia with the time zone in which their papers print dates."""

from __future__ import annotations

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
# Presidential decree 41/1987: West and Central Kalimantan keep western time, South and East Kalimantan and Bali central
# time; North Kalimantan and the provinces of Papua were split off from these later.
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
