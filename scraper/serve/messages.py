"""What the interface says, in English and Indonesian, and dates and numbers as each language writes them. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

Language = Literal["en", "id"]

_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": tuple("January February March April May June July August September October November December".split()),
    "id": tuple("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()),
}
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
    "id": tuple("Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()),
}
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # Indonesia's, by their hours before UTC
_CHOICE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[\w-]++)?\s*+(?:;\s*+q=([\d.]++))?\s*+$")

# Each in English and in Indonesian.
_TEXTS = {
    "search": ("Search", "Cari"),
    "front": ("Front page", "Halaman depan"),
    "sites": ("Papers", "Media"),
    "site": ("Paper", "Media"),
    "authors": ("Authors", "Penulis"),
    "author": ("Author", "Penulis"),
    "regions": ("Regions", "Wilayah"),
    "region": ("Region", "Wilayah"),
    "network": ("Network", "Jaringan"),
    "runs": ("Crawls", "Perayapan"),
    "data": ("Tables", "Tabel"),
    "skip": ("Skip to the content", "Langsung ke isi"),
    "main_menu": ("Main menu", "Menu utama"),
    "articles": ("articles", "artikel"),
    "outcomes_week": ("Fetches of the last seven days", "Pengambilan tujuh hari terakhir"),
    "captures": ("captures", "tangkapan"),
    "revisions": ("Revisions", "Perubahan"),
    "changes": ("changes by publishers", "perubahan oleh penerbit"),
    "changes_page": ("Changes", "Perubahan"),
    "n_changes": ("{n} changes by publishers", "{n} perubahan oleh penerbit"),
    "newest_changes_help": (
        "Counted and put in order among the newest {n}.",
        "Dihitung dan diurutkan dari {n} yang terbaru.",
    ),
    "order_newest": ("Newest first", "Terbaru"),
    "order_silent": ("Silent ones first", "Yang diam-diam lebih dulu"),
    "order_size": ("Largest first", "Terbesar"),
    "characters_more": ("{n} characters more", "{n} karakter lebih panjang"),
    "characters_fewer": ("{n} characters fewer", "{n} karakter lebih pendek"),
    "changed_somehow": ("changed", "diubah"),
    "whole_article": ("the article", "artikelnya"),
    "before": ("Before", "Sebelumnya"),
    "show": ("Show", "Tampilkan"),
    "copies_page": ("Copies", "Salinan"),
    "n_stories": ("{n} stories", "{n} berita"),
    "no_copies": (
        "No copies here: `kliping clusters --update` looks for them.",
        "Tidak ada salinan di sini: `kliping clusters --update` mencarinya.",
    ),
    "alike_help": (
        "% alike: the share of all runs of three words that a text has in common with the first one.",
        "% serupa: bagian dari semua rangkaian tiga kata yang sama dengan teks pertama.",
    ),
    "in_papers": ("{n} papers", "{n} media"),
    "order_papers": ("In most papers", "Di media terbanyak"),
    "order_articles": ("Most articles", "Artikel terbanyak"),
    "within_paper": ("Also copies within one paper", "Juga salinan dalam satu media"),
    "and_more": ("and {n} more articles", "dan {n} artikel lagi"),
    "people": ("people", "orang"),
    "in_archive": ("In this archive", "Dalam arsip ini"),
    "span": ("From {first} to {last}", "Dari {first} sampai {last}"),
    "newest": ("Newest articles", "Artikel terbaru"),
    "per_day": ("Articles per day", "Artikel per hari"),
    "per_month": ("Articles per month", "Artikel per bulan"),
    "as_table": ("The figures as a table", "Angka dalam tabel"),
    "day": ("Day", "Hari"),
    "month": ("Month", "Bulan"),
    "number": ("Number", "Jumlah"),
    "health": ("How crawling goes", "Kesehatan perayapan"),
    "outcome": ("Outcome", "Hasil"),
    "last_run": ("Last crawl", "Perayapan terakhir"),
    "snapshot_of": ("Snapshot of {at}", "Salinan arsip per {at}"),
    "live": ("The archive as it is now", "Arsip apa adanya sekarang"),
    "all_papers": ("All papers", "Semua media"),
    "query": ("Words to search for", "Kata yang dicari"),
    "query_help": (
        'Words, "phrases", prefix*, AND, OR, NOT, NEAR, headline:word',
        'Kata, "frasa", awalan*, AND, OR, NOT, NEAR, headline:kata',
    ),
    "since": ("From", "Dari"),
    "until": ("Until", "Sampai"),
    "sort": ("Order", "Urutan"),
    "by_relevance": ("Best first", "Paling sesuai"),
    "by_date": ("Newest first", "Terbaru"),
    "exact": ("These words only, no other forms", "Hanya kata ini, tanpa bentuk lain"),
    "hits": ("{n} articles", "{n} artikel"),
    "many_hits": (
        "More than {n} articles: too many to rank while you wait, so the newest come first",
        "Lebih dari {n} artikel: terlalu banyak untuk diurutkan menurut kesesuaian, jadi yang terbaru lebih dulu",
    ),
    "at_least": ("≥ {n}", "≥ {n}"),
    "at_least_help": (
        "Counted among the newest {n} articles found.",
        "Dihitung dari {n} artikel terbaru yang ditemukan.",
    ),
    "csv_cut": ("the first {n}", "{n} yang pertama"),
    "no_hits": ("Nothing found.", "Tidak ada yang ditemukan."),
    "also_forms": ("Also searched: {forms}", "Juga dicari: {forms}"),
    "hint": ("Note", "Catatan"),
    "narrow": ("Narrow down", "Persempit"),
    "filters": ("Chosen", "Dipilih"),
    "remove": ("remove", "hapus"),
    "as_sql": ("The same in SQL", "Yang sama dalam SQL"),
    "download": ("Take along", "Ambil"),
    "feed": ("Atom feed", "Umpan Atom"),
    "previous": ("Previous page", "Halaman sebelumnya"),
    "next": ("Next page", "Halaman berikutnya"),
    "pages": ("Pages", "Halaman"),
    "section": ("Section", "Rubrik"),
    "tag": ("Tag", "Tag"),
    "tags": ("Tags", "Tag"),
    "kind": ("Kind", "Jenis"),
    "carried": ("Share of papers that carried it", "Bagian media yang memuatnya"),
    "carried_help": (
        "Papers with at least one hit in a month, among all that published in that month.",
        "Media dengan paling sedikit satu artikel sebulan, dari semua yang terbit bulan itu.",
    ),
    "published": ("Published", "Terbit"),
    "modified": ("Changed", "Diubah"),
    "no_date": ("no date", "tanpa tanggal"),
    "original": ("Original page", "Halaman asli"),
    "editors": ("Editors", "Penyunting"),
    "picture": ("Picture", "Gambar"),
    "read_on": ("See also", "Baca"),
    "linked_from": ("Articles that link here", "Artikel yang menaut ke sini"),
    "copies": ("The same text in other papers", "Teks yang sama di media lain"),
    "similar": ("{n} % alike", "{n} % serupa"),
    "evidence": ("Where every field came from", "Asal setiap data"),
    "field": ("Field", "Data"),
    "origin": ("Origin", "Asal"),
    "warnings": ("Doubts of the reader", "Keraguan pembaca"),
    "captured": ("What was fetched and when", "Yang diambil dan kapan"),
    "time": ("Time", "Waktu"),
    "raw": ("Raw page", "Halaman mentah"),
    "replay": (
        "The raw page is a download, never shown here. To see it as it looked: kliping export warc, then open the file in ReplayWeb.page or pywb.",
        "Halaman mentah hanya dapat diunduh, tidak ditampilkan di sini. Untuk melihatnya seperti aslinya: kliping export warc, lalu buka di ReplayWeb.page atau pywb.",
    ),
    "cite": ("Cite this", "Kutip"),
    "revision": ("Revision", "Versi"),
    "compare": ("Compare with the next one", "Bandingkan dengan berikutnya"),
    "replaced_by": ("Replaced by", "Diganti oleh"),
    "publisher": ("the publisher", "penerbit"),
    "extractor": ("a new reading", "pembacaan baru"),
    "difference": ("What changed", "Yang berubah"),
    "removed": ("removed", "dihapus"),
    "added": ("added", "ditambah"),
    "headline": ("Headline", "Judul"),
    "lede": ("Lede", "Teras"),
    "body": ("Text", "Isi"),
    "byline": ("Byline", "Baris nama"),
    "too_long": ("The text is cut here; the whole is in the JSON.", "Teks dipotong di sini; lengkapnya ada di JSON."),
    "host": ("Host", "Host"),
    "zone": ("Time zone", "Zona waktu"),
    "province": ("Province", "Provinsi"),
    "layouts": ("Designs over time", "Tata letak dari waktu ke waktu"),
    "layout": ("Design", "Tata letak"),
    "rates": ("How often each field is filled", "Seberapa sering setiap data terisi"),
    "rates_help": ("Over the newest {n} articles.", "Dari {n} artikel terbaru."),
    "calendar": ("Articles per day, the last year", "Artikel per hari, setahun terakhir"),
    "no_rules": ("papers without rules of their own", "media tanpa aturan sendiri"),
    "roles": ("Roles", "Peran"),
    "map_help": (
        "Every province is a tile; darker means more articles.",
        "Setiap provinsi satu petak; makin gelap makin banyak artikel.",
    ),
    "inside": ("Inside it", "Di dalamnya"),
    "links_between": ("Links from paper to paper", "Tautan antarmedia"),
    "copies_between": (
        "Texts first printed by one paper and then by another",
        "Teks yang terbit di satu media lalu di media lain",
    ),
    "from": ("From", "Dari"),
    "to": ("To", "Ke"),
    "nothing_yet": ("Nothing of this kind yet.", "Belum ada."),
    "failures": ("What did not end well", "Yang tidak berhasil"),
    "reason": ("Reason", "Sebab"),
    "url": ("Address", "Alamat"),
    "detail": ("Detail", "Rincian"),
    "due": ("Due again", "Dicoba lagi"),
    "started": ("Started", "Mulai"),
    "finished": ("Finished", "Selesai"),
    "exit": ("Exit code", "Kode akhir"),
    "outcomes": ("Outcomes", "Hasil"),
    "not_found": ("There is no such page.", "Halaman ini tidak ada."),
    "too_slow": (
        "This takes too long to find out here. Ask for less: another word, one paper, a span of days.",
        "Ini terlalu lama dicari di sini. Persempit: kata lain, satu media, atau rentang hari.",
    ),
    "unreadable": (
        "The archive holds something here that cannot be read. `kliping verify` names what is damaged; every other page still works.",
        "Ada isi arsip di sini yang tidak terbaca. `kliping verify` menyebut apa yang rusak; halaman lain tetap dapat dibuka.",
    ),
    "about_tables": (
        "The archive is one SQLite file. These are its tables and views, each with what its columns mean; the rows open in Datasette, with JSON and CSV.",
        "Arsip ini satu berkas SQLite. Inilah tabel dan tampilannya, dengan arti setiap kolom; barisnya terbuka di Datasette, juga sebagai JSON dan CSV.",
    ),
    "sql_open": ("Write SQL of your own", "Tulis SQL sendiri"),
    "rows": ("Rows", "Baris"),
    "columns": ("Columns", "Kolom"),
    "meaning": ("Meaning", "Arti"),
    "alarms": ("Open alarms", "Alarm yang terbuka"),
    "alarm": ("Alarm", "Alarm"),
    "warn": ("Warning", "Peringatan"),
    "checked": (
        "Papers, layouts and fields were last checked on {at}.",
        "Media, tata letak, dan isian terakhir diperiksa {at}.",
    ),
    "no_alarm": ("No alarm is open.", "Tidak ada alarm yang terbuka."),
    "never_checked": (
        "Not checked yet: kliping health says which papers have gone quiet or are read worse than before.",
        "Belum pernah diperiksa: kliping health menunjukkan media yang mendadak diam atau terbaca lebih buruk dari biasanya.",
    ),
    "still": ("not finished", "belum selesai"),
    "coverage": ("How far its archive by date was walked", "Sejauh mana arsip per tanggalnya ditelusuri"),
    "coverage_help": (
        "A square is a month: the darker, the more of its days were reached. A cross: something stopped the walk, or the paper lists a part only.",
        "Satu kotak satu bulan: makin gelap makin banyak hari yang tercapai. Silang: ada yang menghentikan, atau media hanya mendaftar sebagian.",
    ),
    "reached": ("Days reached", "Hari tercapai"),
    "listed": ("Articles listed", "Artikel terdaftar"),
    "stopped": ("Not reached", "Tidak tercapai"),
    "last_runs": ("Last crawls", "Perayapan terakhir"),
    "first_in": ("first here", "pertama di sini"),
    "minutes_later": ("{n} min later", "{n} menit kemudian"),
    "hours_later": ("{n} h later", "{n} jam kemudian"),
    "days_later": ("{n} days later", "{n} hari kemudian"),
    "this_one": ("this one", "artikel ini"),
    "withdrawn": (
        "Since {at} its address answers that it is gone. This is what the archive kept.",
        "Sejak {at} alamatnya menjawab bahwa artikel ini tidak ada lagi. Inilah yang disimpan arsip.",
    ),
    "incomplete": (
        "A further page of this article is not in the archive.",
        "Halaman lanjutan artikel ini tidak ada dalam arsip.",
    ),
    "restricted": (
        "The publisher restricts access to this article ({access}).",
        "Penerbit membatasi akses ke artikel ini ({access}).",
    ),
    "rights": ("What the page says about its use", "Yang dikatakan halaman tentang pemakaiannya"),
    "tdm_reserved": ("text and data mining is reserved", "penambangan teks dan data dicadangkan"),
    "tdm_free": ("text and data mining is not reserved", "penambangan teks dan data tidak dicadangkan"),
    "tdm_policy": ("policy", "kebijakan"),
    "capped": (
        "Counted over the newest {n} articles.",
        "Dihitung dari {n} artikel terbaru.",
    ),
    "one_hit": ("1 article", "1 artikel"),
    "bad_filter": ("This choice is not understood: {what}", "Pilihan ini tidak dimengerti: {what}"),
}

# Codes of closed lists: (list, code) in English and in Indonesian.
_NAMES = {
    "reason": {
        "ok": ("read", "terbaca"),
        "unchanged": ("unchanged", "tidak berubah"),
        "not_article": ("no article", "bukan artikel"),
        "soft_404": ("says it is gone", "mengaku sudah tidak ada"),
        "paywalled": ("behind a paywall", "berbayar"),
        "js_shell": ("text not in the page", "teks tidak ada di halaman"),
        "extract_failed": ("not readable", "tidak terbaca"),
        "gone": ("gone", "sudah tidak ada"),
        "denied": ("access denied", "akses ditolak"),
        "blocked": ("blocked by a bot wall", "diblokir penangkal bot"),
        "wall": ("another page in its place", "halaman lain di tempatnya"),
        "suspect": ("replaced, not confirmed yet", "terganti, belum dipastikan"),
        "rate_limited": ("asked to slow down", "diminta melambat"),
        "client_error": ("refused (4xx)", "ditolak (4xx)"),
        "server_error": ("server error", "galat peladen"),
        "robots": ("robots.txt says no", "dilarang robots.txt"),
        "robots_unreachable": ("robots.txt unreachable", "robots.txt tak terjangkau"),
        "not_html": ("not HTML", "bukan HTML"),
        "too_big": ("too big", "terlalu besar"),
        "truncated": ("cut short", "terpotong"),
        "bad_encoding": ("broken encoding", "penyandian rusak"),
        "unparsable": ("cannot be parsed", "tidak dapat diurai"),
        "bad_304": ("unasked 304", "304 tanpa diminta"),
        "bad_redirect": ("broken redirect", "pengalihan rusak"),
        "redirect_loop": ("redirect loop", "pengalihan berputar"),
        "redirect_limit": ("too many redirects", "terlalu banyak pengalihan"),
        "bad_url": ("no usable address", "alamat tidak sah"),
        "blocked_scheme": ("scheme not allowed", "skema tidak diizinkan"),
        "blocked_address": ("address not public", "alamat bukan publik"),
        "dns": ("name not found", "nama tidak ditemukan"),
        "connect": ("no connection", "tidak tersambung"),
        "proxy": ("refused by the proxy", "ditolak proksi"),
        "tls": ("TLS failed", "TLS gagal"),
        "reset": ("connection broke", "sambungan putus"),
        "protocol": ("not HTTP", "bukan HTTP"),
        "deadline": ("took too long", "terlalu lama"),
        "bug": ("an error of kliping", "galat kliping"),
    },
    "change": {
        "headline": ("headline", "judul"),
        "lede": ("lede", "teras"),
        "byline": ("byline", "baris nama"),
        "typo": ("typo", "salah ketik"),
        "number": ("number", "angka"),
        "quote": ("quote", "kutipan"),
        "wording": ("wording", "kata-kata"),
        "addition": ("addition", "tambahan"),
        "deletion": ("deletion", "penghapusan"),
        "moved": ("moved", "dipindahkan"),
        "correction": ("correction notice", "ralat"),
        "withdrawn": ("withdrawn", "dicabut"),
        "silent": ("without notice", "tanpa pemberitahuan"),
        "coarse": ("too much to compare word by word", "terlalu banyak untuk dibandingkan kata per kata"),
        "reverted": ("reverted", "dikembalikan"),
    },
    "run": {
        "crawl": ("crawl", "perayapan"),
        "reextract": ("new reading", "pembacaan ulang"),
        "import": ("import", "impor"),
    },
    "role": {
        "writer": ("writer", "penulis"),
        "reporter": ("reporter", "reporter"),
        "editor": ("editor", "penyunting"),
        "photographer": ("photographer", "pewarta foto"),
        "contributor": ("contributor", "kontributor"),
        "citizen_reporter": ("citizen reporter", "pewarta warga"),
        "translator": ("translator", "penerjemah"),
    },
    "field": {
        "lede": ("lede", "teras"),
        "byline": ("byline", "baris nama"),
        "dateline": ("dateline", "tempat berita"),
        "published_at": ("date", "tanggal"),
        "body": ("text", "isi"),
        "image": ("picture", "gambar"),
        "tags": ("tags", "tag"),
        "related_links": ("links in the text", "tautan dalam teks"),
    },
}


def name_of(group: str, code: str, language: Language) -> str:
    """What a code of a closed list is called; a code that a newer kliping wrote stays as it is."""
    names = _NAMES[group].get(code)
    return names[0 if language == "en" else 1] if names else code


def language_of(accept: str | None) -> Language:
    """The browser's preference between Indonesian and English (Accept-Language, RFC 9110 §12.5.4); English if it says neither.

    Malay readers get Indonesian.
    """
    best: tuple[float, Language] = (0.0, "en")
    for part in (accept or "").split(","):
        if match := _CHOICE.match(part):
            tag, quality = match[1].lower(), _quality(match[2])
            language: Language | None = "id" if tag in ("id", "in", "ms") else "en" if tag == "en" else None
            if language is not None and quality > best[0]:
                best = (quality, language)
    return best[1]


def _quality(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def say(key: str, language: Language, **values: object) -> str:
    """A text of the interface. Raises KeyError for a key that there is none of: a misspelling must not reach a reader."""
    return _TEXTS[key][0 if language == "en" else 1].format(**values)


def count(number: int, language: Language) -> str:
    """A number with the language's thousands: 12,345 or 12.345."""
    text = f"{number:,}"
    return text if language == "en" else text.replace(",", ".")


def long_date(iso: str | None, language: Language) -> str:
    """A stored moment as a reader writes it, in its own zone, which is shown: "Senin, 7 Oktober 2019, 11.47 WIB"."""
    moment = _moment(iso)
    if moment is None:
        return say("no_date", language)
    day = f"{_WEEKDAYS[language][moment.weekday()]}, {moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"
    time = moment.strftime("%H:%M" if language == "en" else "%H.%M")
    return f"{day}, {time} {zone_name(moment)}"


def short_date(iso: str | None, language: Language) -> str:
    """The day only, in the moment's own zone: "7 Oktober 2019"."""
    moment = _moment(iso)
    return f"{moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}" if moment else say("no_date", language)


def zone_name(moment: datetime) -> str:
    """WIB, WITA or WIT where the offset is Indonesia's, else the offset; UTC for none."""
    offset = moment.utcoffset()
    if not offset:
        return "UTC"
    hours = offset.total_seconds() / 3600
    return _ZONES.get(int(hours), moment.strftime("%z")[:3]) if hours.is_integer() else moment.strftime("UTC%z")


def _moment(iso: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(iso) if iso else None
    except ValueError:
        return None
    return found


def month_name(month: str, language: Language) -> str:
    """ "2019-10" as "October 2019"."""
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return f"{_MONTHS[language][day.month - 1]} {day.year}"


def month_short(month: str, language: Language) -> str:
    """ "2019-10" as "Oct" or "Okt"."""
    return month_name(month, language)[:3]
