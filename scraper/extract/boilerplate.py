"""Lines that papers set into every text: adverts, follow-us lines, page markers, syndication notes.

A rule drops a block only when the WHOLE block is such a line: "Ikuti", "Simak" and "Update" also
open real sentences. Forms were seen on Tribun, Kompas, detik, CNN Indonesia, Antara, Republika,
Suara, JPNN, Media Indonesia and Liputan6 pages of 2014–2026.
"""

from __future__ import annotations

import re

_WHOLE = re.compile(
    r"advertisement|iklan|scroll to (?:continue|resume)(?: with)?(?: content| reading)?|lanjut(?:kan)? (?:membaca|scroll).{0,40}|loading\.*|\[gambas:\s?\w[^\]]*\]|\[(?:video|foto|photo|image)[^\]]{0,40}\]|(?:halaman|page)\s*:?\s*(?:\d\s*)+(?:selanjutnya|next)?|halaman \d+\s*/\s*\d+|\d+ dari \d+ halaman|(?:halaman )?(?:selanjutnya|sebelumnya)(?: .{0,60})?|show all|lihat semua|(?:>+\s*)?(?:berita |baca |artikel |video )?selengkapnya(?: (?:di sini|>+|klik).{0,40})?[\s.>]*|baca (?:berita )?selengkapnya.{0,40}|(?:berita selengkapnya|selengkapnya) bisa dibaca di sini\.?|(?:simak|baca) berita selengkapnya di halaman (?:selanjutnya|berikutnya)\.?|(?:>+\s*)?(?:ikuti|follow|simak|cek|update|baca|dapatkan|klik)\b.{0,120}\b(?:google news|whatsapp|telegram|news google|instagram|saluran|channel|twitter|facebook|tiktok|media sosial|medsos)\b.{0,120}|(?:>+\s*)?(?:ikuti|update) (?:kami|berita|info)\b[^.]{0,80}|dapatkan (?:update )?(?:berita|informasi)\b.{0,400}\b(?:telegram|whatsapp|ponsel|setiap hari)\b.{0,200}|simak breaking news dan berita pilihan.{0,400}|terangi negeri dengan literasi.{0,200}|(?:sebagian )?(?:artikel|berita) ini (?:telah|sudah|pernah|sebelumnya)\s?(?:te?layang|tayang|dimuat|terbit|naik|diterbitkan)\b.{0,400}|(?:copyright )?©.{0,120}|copyright © .{0,120}|all rights? reserved\.?|dilarang (?:keras )?(?:mengambil|meng?kutip|mengcopy|menyalin).{0,300}|nikmati berita interaktif.{0,80}|baca whatsapp \w+|berita rekomendasi|sesuai minatmu|video pilihan|berita terkini|komentar|ikuti kami di|lihat foto|zoom-in|\+ baca selengkapnya|berita terpopuler|topik terkait|berita terkait.{0,60}|tags?:?|rekomendasi untuk anda|(?:a post|sebuah kiriman) shared by .{0,120}|view this post on instagram|lihat postingan ini di instagram|yuk,? (?:simak|gabung|ikuti).{0,100}|mau konten menarik lainnya\??|\d+ views?|\| ?\d+ views|(?:sign up|subscribe) (?:for|to) (?:our|the)\b.{0,160}newsletters?.{0,160}|sign up here\.?|follow us on .{0,80}|share this (?:article|story|post).{0,60}|click here to .{0,80}|download (?:our|the) app.{0,80}|more from .{0,60}|article continues (?:below|after).{0,60}|story continues (?:below|after).{0,60}|continue reading(?: below)?|skip advert(?:isement)?|this (?:article|story) (?:originally|first) appeared (?:on|in|at) .{0,100}",
    re.IGNORECASE,
)
# The same notes as the last sentence of a longer paragraph.
_TAIL = re.compile(
    r"\s*(?:(?:simak|yuk,? simak juga|baca) (?:berita selengkapnya di halaman|video ini)[^.!]{0,60}[.!]?"
    r"|(?:sebagian )?artikel ini (?:telah|sudah|pernah) tayang di [^.]{2,40}(?:\.com|\.id|\.co\.id)?(?: dengan judul .{0,300})?"
    r"|dapatkan update berita pilihan dan breaking news.{0,400}|yuk,? simak juga video ini!?)$",
    re.IGNORECASE,
)
_SYNDICATION = re.compile(
    r"(?i:artikel|berita) ini (?:telah|sudah|pernah|sebelumnya)\s?(?:te?layang|tayang|dimuat|terbit|naik|diterbitkan)\s+(?:di|pada|oleh)?\s*"
    r"(?P<outlet>[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}?)(?=\s+(?:dengan|berjudul|pada)\b|[,.]?\s*$|,|\s+\()",
)


def is_boilerplate(text: str) -> bool:
    """Whether a whole block is one of the lines that papers set into every text."""
    return _WHOLE.fullmatch(text.strip(' *-–—>•"')) is not None or not any(char.isalnum() for char in text)


def without_tail(text: str) -> str:
    """A paragraph without the promotional sentence that closes it."""
    return _TAIL.sub("", text).rstrip() if len(text) > 60 else text


def syndicated_from(text: str) -> str | None:
    """The outlet that a syndication note names; None if the text is no such note."""
    match = _SYNDICATION.search(text)
    return match["outlet"].rstrip(".,") if match else None
