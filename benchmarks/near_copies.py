"""How well copies and rewrites are found: precision and recall on a labelled set of invented news.

    python -m benchmarks.near_copies [--linkage]

Every story is composed of sentences of our own; from each, copies are made as editors make them (trimmed, another lede,
paragraphs added, words replaced …), and texts that are not copies although they are about the same event. Pairs are
judged through the whole pipeline: signature, candidates, comparison. Clusters are those of `kliping clusters --update`
on an archive in which each story comes from its own papers, mixed with texts that make clusters chain: round-ups of
several stories, the weather and prices of fifteen days, texts that are copied from copy to copy. --linkage compares
ways of making clusters from the same pairs.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from scraper.duplicates.candidates import candidate_groups, signature
from scraper.duplicates.prepared_text import is_copy, prepared_text

PLACES = "Sungai Landak,Muara Kelai,Tanjung Asri,Bukit Rawi,Lubuk Pakam Hilir,Teluk Sirih,Batu Ampar Ulu,Rantau Bais,Simpang Empang,Kampung Dalam".split(
    ","
)
PEOPLE = "Hendra Saputra,Rina Marlina,Yusuf Karim,Maria Lestari,Agus Wibowo,Dewi Anggraini,Samsul Bahri,Theresia Oktavia,Irwan Syah,Nur Hidayah".split(
    ","
)
POSTS = "kepala dinas,camat,kapolsek,lurah,direktur rumah sakit,ketua koperasi,kepala sekolah,koordinator relawan,wakil bupati,anggota dewan".split(
    ","
)
TIMES = "sejak dini hari,pada sore hari,menjelang magrib,dalam dua pekan terakhir,sepanjang akhir pekan,usai rapat tertutup,setelah hujan reda,di tengah terik siang,sebelum kantor buka,pada hari pasar".split(
    ","
)
SUBJECTS = "puluhan warga,petugas gabungan,para pedagang,tim kesehatan,sejumlah nelayan,murid kelas akhir,pengurus masjid,sopir angkutan,kelompok tani,perangkat kampung,panitia lomba,ibu-ibu arisan,pegawai kecamatan,pemuda karang taruna".split(
    ","
)
VERBS = "membersihkan,memeriksa,menutup,memperbaiki,menolak,mendata,menjaga,membagikan,mengusulkan,meninjau,membangun,mengantre di depan,menghitung ulang,memasang pagar di sekitar,mempertanyakan,memotret,menyewakan,mengangkut isi".split(
    ","
)
OBJECTS = "saluran air,gudang beras,pasar lama,jembatan gantung,lapangan bola,posko kesehatan,kapal penyeberangan,tumpukan kayu,tanggul darurat,ruang kelas,balai kampung,pompa diesel,kebun percontohan,tambak udang,menara telepon,kantor koperasi,dermaga kayu,bak penampungan".split(
    ","
)
REASONS = "karena anggaran belum turun,agar kejadian tahun lalu tidak terulang,meskipun cuaca belum bersahabat,sebab jalan utama masih terputus,supaya harga tetap terjangkau,walau belum ada surat resmi,sambil menunggu hasil laboratorium,demi keselamatan anak-anak,karena alat berat tertahan di kota,setelah keluhan disampaikan lewat radio,sebelum musim tanam dimulai,dengan biaya yang dikumpulkan bersama".split(
    ","
)
ENDINGS = "tanpa menunggu perintah,secara bergantian,sampai larut malam,dengan alat seadanya,bersama aparat,di bawah pengawasan dokter,tanpa dipungut bayaran,dengan hati-hati,seperti kebiasaan turun-temurun,di hadapan wartawan,atas undangan panitia,dengan pengeras suara".split(
    ","
)
LEDES = "Kabar itu datang dari ujung kampung ketika orang masih menyeduh kopi.,Tidak banyak yang tahu bagaimana semua ini bermula.,Begitulah suasana yang tampak ketika rombongan tiba di lokasi.,Cerita ini menyebar cepat lewat pesan berantai antarwarga.,Semua mata kini tertuju ke kampung di tepi sungai itu.,Pagi yang biasanya tenang mendadak ramai oleh kendaraan.".split(
    ","
)
SYNONYMS = {"warga": "penduduk", "petugas": "aparat", "pedagang": "penjual", "membersihkan": "merapikan", "memeriksa": "mengecek", "memperbaiki": "membenahi", "mendata": "mencatat", "meninjau": "menengok", "membangun": "mendirikan", "karena": "lantaran", "agar": "supaya", "meskipun": "kendati", "sebab": "karena", "setelah": "sesudah", "sebelum": "menjelang", "dengan": "memakai", "sampai": "hingga", "bersama": "beserta", "pasar": "pekan", "jalan": "ruas", "sejumlah": "beberapa", "kata": "ujar", "puluhan": "belasan", "harga": "tarif", "kampung": "desa", "masih": "tetap", "murid": "siswa", "anak-anak": "bocah", "usai": "seusai", "tim": "regu"}  # fmt: skip

COPIES = ("verbatim", "typography", "trimmed to 60 %", "trimmed to 40 %", "new lede", "paragraphs added", "other dateline", "reordered", "8 % of words", "15 % of words", "25 % of words", "new lede, trimmed, added")  # fmt: skip
OTHERS = (
    "same event, other text",
    "same event, same quotes",
    "follow-up with background",
    "daily report, other numbers",
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text; two of the same `story` are copies of each other, whatever they were made from."""

    story: str
    how: str
    text: str


def sentence(chance: random.Random) -> str:
    """One of some ten million sentences."""
    parts = [chance.choice(TIMES), chance.choice(SUBJECTS), chance.choice(VERBS), chance.choice(OBJECTS)]
    parts += [f"di {chance.choice(PLACES)}", chance.choice(REASONS), chance.choice(ENDINGS)]
    if chance.random() < 0.5:
        parts = [*parts[1:5], parts[0], *parts[5:]]
    kept = [part for number, part in enumerate(parts) if number in (1, 2, 3) or chance.random() < 0.75]
    text = " ".join(kept)
    if chance.random() < 0.25:
        text += f", kata {chance.choice(POSTS)} {chance.choice(PEOPLE)}"
    if chance.random() < 0.3:
        text += f" pada pukul {chance.randint(6, 22)}.{chance.randint(10, 59)}"
    return text[0].upper() + text[1:] + "."


def story(chance: random.Random) -> list[str]:
    """Five to nine paragraphs of one to three sentences."""
    return [" ".join(sentence(chance) for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(5, 9))]


def _exchanged(text: str, share: float, chance: random.Random) -> str:
    words = text.split()
    for place in chance.sample(range(len(words)), round(len(words) * share)):
        words[place] = SYNONYMS.get(words[place], chance.choice(list(SYNONYMS.values())))
    return " ".join(words)


def copy_of(paragraphs: list[str], how: str, chance: random.Random) -> str:
    """A story as another paper prints it."""
    made = list(paragraphs)
    if how == "typography":
        return "\n\n".join(made).replace(", kata", " , kata ").replace(".", " .").upper()
    if "trimmed" in how:
        share = 0.4 if "40" in how else 0.6
        words = "\n\n".join(made).split(" ")
        made = [" ".join(words[: round(len(words) * share)])]
    if "new lede" in how:
        made[0] = f"{chance.choice(LEDES)} {sentence(chance)}" if len(made) > 1 else f"{chance.choice(LEDES)} {made[0]}"
    if "added" in how:
        made += [sentence(chance) for _ in range(2)]
    if how == "other dateline":
        made = [f"{chance.choice(PLACES).upper()}, Kabar Kita — {made[0]}", *made[1:], "Editor: meja daerah"]
    if how == "reordered":
        chance.shuffle(made)
    if "words" in how:
        made = [_exchanged("\n\n".join(made), int(how.split(maxsplit=1)[0]) / 100, chance)]
    return "\n\n".join(made)


def other_than(paragraphs: list[str], how: str, chance: random.Random) -> str:
    """Another text related to a story."""
    made = story(chance)
    if how == "same event, same quotes":
        made.insert(1, paragraphs[1])
    if how == "follow-up with background":
        made += paragraphs[-2:] if len(paragraphs) > 6 else paragraphs[-1:]
    if how == "daily report, other numbers":
        rows = [
            f"Harga {thing} di pasar induk {PLACES[number]} hari ini tercatat Rp {chance.randint(10, 99)}{chance.randint(100, 999)} per kilogram menurut petugas"
            for number, thing in enumerate(
                ("beras", "cabai rawit", "bawang merah", "gula pasir", "telur ayam", "daging sapi")
            )
        ]
        return ".\n\n".join(rows)
    return "\n\n".join(made)


def labelled_set(stories: int = 60, seed: int = 7) -> list[Labelled]:
    """Every story with one copy of each kind, and texts that are not copies."""
    found = []
    for number in range(stories):
        chance = random.Random(f"{seed}/{number}")
        paragraphs = story(chance)
        found.append(Labelled(f"{number}", "original", "\n\n".join(paragraphs)))
        found += [Labelled(f"{number}", how, copy_of(paragraphs, how, chance)) for how in COPIES]
        found += [Labelled(f"{number} {how}", how, other_than(paragraphs, how, chance)) for how in OTHERS]
    return found


def judged(texts: list[Labelled]) -> set[tuple[int, int]]:
    """The pairs that are taken for copies."""
    prepared = [prepared_text(each.text) for each in texts]
    signatures = [signature(sorted(text.shingles)) for text in prepared]
    pairs = {
        (min(one, other), max(one, other))
        for one, others in candidate_groups(signatures, [True] * len(texts))
        for other in others
    }
    return {(one, other) for one, other in pairs if is_copy(prepared[one], prepared[other])}


@dataclass(frozen=True, slots=True)
class Scores:
    """Over pairs of an original and each copy of it (recall, also by sort), and over all pairs taken for copies (precision)."""

    precision: float
    recall: float
    by_sort: dict[str, float]
    wrong: Counter[str]


def measure(texts: list[Labelled]) -> Scores:
    """Precision and recall."""
    found = judged(texts)
    originals = {each.story: index for index, each in enumerate(texts) if each.how == "original"}
    hits: Counter[str] = Counter()
    for index, each in enumerate(texts):
        if each.how in COPIES:
            hits[each.how] += (originals[each.story], index) in found
    right = {
        (one, other) for one, other in combinations(range(len(texts)), 2) if texts[one].story == texts[other].story
    }
    wrong = Counter(texts[other].how for _, other in found - right)
    return Scores(
        precision=len(found & right) / max(1, len(found)),
        recall=sum(hits.values()) / (len(originals) * len(COPIES)),
        by_sort={how: hits[how] / len(originals) for how in COPIES},
        wrong=wrong,
    )


def main() -> None:
    """Print the scores."""
    texts = labelled_set()
    scores = measure(texts)
    print(
        f"{len(texts)} texts; precision {scores.precision:.3f}, recall {scores.recall:.3f}; wrong pairs: {dict(scores.wrong)}"
    )
    print("\n| copy | recall |\n|---|---|")
    for how, recall in scores.by_sort.items():
        print(f"| {how} | {recall:.2f} |")


if __name__ == "__main__":
    main()
