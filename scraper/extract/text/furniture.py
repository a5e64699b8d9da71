"""Lines that papers set around and into a text: adverts, follow-us lines, page markers, syndication notes, who else reported.

A rule drops a block only when the WHOLE block is such a line: "Ikuti", "Simak" and "Update" also
open real sentences. Forms were seen on Tribun, Kompas, detik, CNN Indonesia, Antara, Republika,
Suara, JPNN, Media Indonesia and Liputan6 pages of 2014–2026; those in other languages on pages of many
papers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extract.language.rules import LineRules
from scraper.extract.text.judge import KnownLine

if TYPE_CHECKING:
    from scraper.extract.structure.blocks import RawBlock

# The heading of a note on the author: goes as a line anywhere, and ends a long text.
_ON_THE_AUTHOR = (
    r"über (?:den autor|die autorin|die autoren)|about the authors?|sobre (?:el autor|la autora|o autor|a autora)"
)
# One kind of line an entry, in lower case, without the signs that is_boilerplate takes off.
_LINES = LineRules((
    # advertising
    r"advertisement(?: - .{0,40})?|iklan|anzeige|werbung|advert|advertorial|ad|sponsored(?: content)?|paid content|pubblicità|publicidad|publicité|publicidade"
    r"|reklam[ea]?|annonse?|advertentie|реклама|広告|광고|skip advert(?:isement)?",
    r"scroll (?:ke bawah )?untuk (?:lanjut|melanjutkan) ?(?:mem)?baca.{0,20}|add as a preferred source on google|\d+ ?shares?|pages?\s*+:\s*+(?:\d++\s*+)++",
    r"scroll to (?:continue|resume)(?: with)?(?: content| reading)?|lanjut(?:kan)? (?:membaca|scroll).{0,40}|loading[.…]*",
    r"(?:article|story) continues (?:below|after).{0,60}|continue reading(?: below)?",
    # players, slide shows, embedded posts
    r"\[gambas:\s?\w[^\]]*\]|\[(?:video|foto|photo|image)[^\]]{0,40}\]|lihat foto|zoom-in",
    r"(?:image|photo|slide|bild|foto) ?\d+ (?:of|von|/|dari)(?: ?/)? ?\d+|\d+ ?[-–] ?\d+ of \d+|caption|close|next prev|previous next|play video|watch video|video",
    r"(?:a post|sebuah kiriman) shared by .{0,120}|view this post on instagram|lihat postingan ini di instagram",
    # pages of an article
    r"(?:halaman|page)\s*+:?\s*+(?:\d\s*+)++(?:selanjutnya|next)?|halaman \d+\s*/\s*\d+|\d+ dari \d+ halaman|show all|lihat semua",
    r"halaman(?: (?:selanjutnya|sebelumnya)(?: .{0,60})?)?|(?:selanjutnya|sebelumnya)(?:\s?: .{0,120})?",
    r"(?:berita |baca |artikel |video )?selengkapnya(?: (?:di sini|>+|klik).{0,40})?[\s.>]*|(?:\+ )?baca (?:berita )?selengkapnya.{0,40}",
    r"(?:berita )?selengkapnya bisa dibaca di sini\.?|(?:simak|baca) berita selengkapnya di halaman (?:selanjutnya|berikutnya)\.?",
    # follow us, subscribe, share
    r"(?:ikuti|follow|simak|cek|update|baca|dapatkan|klik)\b.{0,120}\b(?:google news|whatsapp|telegram|news google|instagram|saluran|channel|twitter|facebook"
    r"|tiktok|media sosial|medsos)\b.{0,120}",
    r"(?:ikuti|update) (?:kami|berita|info)\b[^.]{0,80}|ikuti kami di|follow us:?|follow us on .{0,80}|folgen auf:?",
    r"dapatkan (?:update )?(?:berita|informasi)\b.{0,400}\b(?:telegram|whatsapp|ponsel|setiap hari)\b.{0,200}|simak breaking news dan berita pilihan.{0,400}",
    r"terangi negeri dengan literasi.{0,200}|nikmati berita interaktif.{0,80}|baca whatsapp \w+|yuk,? (?:simak|gabung|ikuti).{0,100}|mau konten menarik lainnya\??",
    r"(?:get|sign up|subscribe|start your day|enjoying|never miss|want more)\b.{0,200}\b(?:inbox|newsletters?|subscribe|subscription)\b.{0,120}|newsletters?|sign up here\.?",
    r"share(?: this(?: (?:article|story|post).{0,60})?)?|print|drucken|teilen|click here to .{0,80}|download (?:our|the) app.{0,80}|listen to (?:this )?(?:article|story)",
    r"(?:we apologi[sz]e, but this video|try refreshing your browser|there was an error, please|by (?:signing up|clicking).{0,40}you (?:agree|consent)|thanks for signing up"
    r"|an dieser stelle finden sie|ich bin damit einverstanden, dass|mit der anmeldung willigen sie|die mit einem symbol).{0,400}",
    # more to read
    r"read more|read also|related(?: news| stories| articles| content| topics)?|recommended(?: for you| from .{0,30})?|most read|trending(?: now)?|more stories|more from .{0,60}",
    r"berikut video selengkapnya|baca berita terkini.{0,60}|\(?selen+gkapnya .{0,60}\)",
    r"fakta atau hoaks\?.{0,300}|jangan lewatkan|simak (?:juga )?video\b.{0,120}",
    r"up next|comments?|see (?:also|more)|don.t miss:?|in case you missed it|komentar|berita (?:rekomendasi|terkini|terpopuler)|sesuai minatmu|video pilihan|topik terkait|berita terkait.{0,60}|tags?:?|rekomendasi untuk anda",
    r"lesen sie auch:?|auch interessant:?|mehr zum thema.{0,60}|passend zum artikel|weitere informationen|empfohlener redaktioneller inhalt|zum thema|(?:à )?lire aussi:?",
    r"leia (?:também|mais):?|lee también:?|te puede interesar:?|leggi anche:?|lees ook:?|les også:?|läs (?:också|även):?|czytaj też:?|zobacz też:?|čtěte také:?|ilgili haberler",
    r"ähnliche (?:beiträge|artikel|themen)|weiterführende[rn]? links?:?|weiterlesen:?|explore further|veja (?:também|mais):?|saiba mais:?|dowiedz się więcej:?|zobacz więcej",
    _ON_THE_AUTHOR + r"|themen:?|schlagworte:?|permalink\b.{0,120}",
    r"zum newsletter anmelden|newsletter abonnieren|drukuj|imprimir|imprimer|stampa|(?:kommentarfeed \| )?kommentare geschlossen.{0,40}|comments (?:are )?closed\.?",
    r"der beitrag wurde am .{6,80} veröffentlicht und wurde unter .{0,200}|this entry was posted (?:on|in) .{0,200}",
    r"crédits? photos? ?: .{0,120}|titelbild ?: .{0,120}|\(?alle angaben ohne gewähr\.?\)?",
    # rights, origin, counters
    *(
        rf"{what} ini {when}\s?(?:te?layang|tayang|dimuat|terbit|naik|diterbitkan)\b.{{0,400}}"
        for what in ("artikel", "berita", "sebagian artikel", "sebagian berita") for when in ("telah", "sudah", "pernah", "sebelumnya")
    ),
    *(rf"this {what} {when} appeared (?:on|in|at) .{{0,100}}" for what in ("article", "story") for when in ("originally", "first")),
    r"(?:copyright )?©.{0,300}|this article is the copyrighted property of .{0,300}|copyright (?:(?:©|@|\(c\)) ?|\d{4}\b).{0,120}|all rights? reserved\.?|dilarang keras mengambil konten.{0,300}|dilarang (?:keras )?(?:mengambil|meng?kutip|mengcopy|menyalin).{0,300}",
    r"\|? ?\d+ views?",
))  # fmt: skip
# Headings of what follows a text: readers' comments, a note on the author.
_ENDS = LineRules([
    r"(?:top rated |\[? ?\d{1,5} ?)?comments?(?: \(\d{1,5}\)| ?\]|:)?|leave a (?:comment|reply).{0,30}|join our commenting forum|(?:\d{1,5} )?kommentare?(?: \(\d{1,5}\)|:)?"
    r"|(?:schreibe|hinterlasse)n? (?:sie )?(?:einen kommentar|eine antwort).{0,30}|(?:\d{1,5} )?komentar(?: \(\d{1,5}\)|:)?|(?:tulis|beri|tinggalkan) (?:komentar|balasan).{0,30}"
    r"|(?:\d{1,5} )?coment[aá]rios?(?: \(\d{1,5}\)|:)?|deja (?:un comentario|una respuesta).{0,30}|(?:\d{1,5} )?commentaires?|laisser un commentaire|lascia un commento|(?:\d{1,5} )?reacties"
    r"|" + _ON_THE_AUTHOR + r"|à propos de l.auteur|tentang penulis",
])  # fmt: skip
# Lines that begin with any words: tried only where the text holds the first string, since they look far through it.
_OPEN_LINES = (
    ("klik ", re.compile(r".{0,60}\bklik (?:di ?sini|link ini)[\s.!>»]*")),
    ("selanjutnya", re.compile(r".{20,400}(?:\.\.\.|…)\s*+[»›>]++\s*+selanjutnya")),
    ("selengkapnya", re.compile(r".{20,400}(?:\.\.\.|…)\s*+[»›>]++\s*+selengkapnya")),
)
NO_WORDS = "no words"  # the rule for a block without a letter or digit
_LONGEST_END = 60  # characters
_ALNUM = re.compile(r"[^\W_]")
_LONGEST = 1000  # characters; no entry matches more
# The same notes as the last sentence of a longer paragraph.
_TAIL = re.compile(
    r"(?:(?<!\s)\s++)?+(?:(?:simak|yuk,? simak juga|baca) (?:berita selengkapnya di halaman|video ini)[^.!]{0,60}+[.!]?"
    r"|(?:sebagian )?artikel ini (?:telah|sudah|pernah) tayang di [^.]{2,40}(?:\.com|\.id|\.co\.id)?(?: dengan judul .{0,300}+)?"
    r"|dapatkan update berita pilihan dan breaking news.{0,400}+|yuk,? simak juga video ini!?|add as a preferred source on google)$",
    re.IGNORECASE,
)
_SHORTEST_TAIL = 30  # characters; no note is shorter
_LONGEST_TAIL = 500  # characters
_TAIL_HINTS = ("selanjutnya", "berikutnya", "video ini", "tayang di", "berita pilihan", "preferred source")
_SYNDICATION = re.compile(
    r"(?i:artikel|berita) ini (?:telah|sudah|pernah|sebelumnya)\s?(?:te?layang|tayang|dimuat|terbit|naik|diterbitkan)\s++(?:(?:di|pada|oleh)\s*+)?"
    r"(?P<outlet>[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}?)(?=\s+(?:dengan|berjudul|pada)\b|[,.]?\s*$|,|\s+\()",
)
_SHARE = r"(?:share|tweet|pin(?: it)?|e-?mail|submit|print|comment|like|save|facebook|twitter|whatsapp|linkedin|reddit)"
_NOTES = LineRules([
    r"\((?:additional |with )?(?:reporting|writing|editing|compiled|report|edited|written) by [^()]{3,300}\)?"
    r"|(?:with )?additional (?:reporting|editing|research) (?:by|from) .{3,150}|(?:reporting|editing) by [^.]{3,150}\.?"
    r"|(?:tempo de leitura|(?:estimated )?read(?:ing)? time|lesezeit|temps de lecture|waktu baca|tiempo de lectura|leestijd)"
    r"\s*:? ?.{0,25}"
    r"|\d+ min(?:ute|uten|utos)?s?\.? (?:read|lesezeit|de lectura|de lecture)"
    rf"|(?:{_SHARE}\W+){{1,9}}{_SHARE}|\d{{1,3}} ?(?:of|/) ?\d{{1,3}}"
    r"|(?:filed under|posted in|tagged(?: with| as)?|tags?|categories|category|kategori|schlagwörter|schlagworte)\s*:.{0,200}"
    r"|\[(?:related|read|see|also read|more|watch|baca)\b.{0,200}\]"
    r"|\[\w+ [^\]]{0,200}=[^\]]{0,200}\].{0,200}"  # a shortcode that the site no longer runs
    r"|(?:got|have|do you have) (?:a|any) (?:news |story )?(?:tips?|story|stories)(?: [^?]{0,60})?\?.{0,300}|for more stories like this\b.{0,80}"
    r"|this site is protected by recaptcha\b.{0,200}|(?:box aufklappen|ende der weiteren informationen).{0,40}|ein klick für den datenschutz"
    r"|link zum (?:youtube|twitter|instagram|facebook|tiktok)[\w-]*[ -]inhalt|dieses thema im programm:.{0,200}|empfehlungen der redaktion"
    r"|czytaj więcej|zobacz więcej|les mer|läs mer|læs mere|lue lisää|leer más|lire plus|continua a leggere|ler mais|číst více|devamını oku"
    r"|有料会員.{0,120}|カテゴリーをフォローする|おすすめ(?:情報|記事)|関連記事|【関連記事】.{0,200}|\[pr\]"
    r"|(?:last )?updated? (?:at|on) \d.{0,40}"
    r"|(?:e-?mail|write to|contact|reach) .{3,80}(?:@| at \S+@).{0,250}"
    # credits of pictures; ages of posts
    r"|(?:photo|image|picture)s?(?: credit)?s?\s*: [^.!?]{2,80}|(?:fotos?|bild(?:er)?|credits?)\s*: [^.!?]{2,80}"
    r"|\d{1,2} (?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?) ago(?:(?: at)? ?\d.{0,40})?|vor \d{1,2} (?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)"
    r"|\d{1,2} (?:menit|jam|hari|minggu|bulan) (?:yang )?lalu|(?:published|posted|last updated)\b[^.!?]{0,90}\b(?:ago|(?:19|20)\d\d|read)\b[^.!?]{0,40}"
    # walls and lists for members
    r"|this content is reserved for subscribers.{0,40}|subscribe (?:now )?to (?:unlock|read|continue)\b[^.!?]{0,120}\.?|(?:subscribe ?)?already (?:subscribed|a subscriber)\?.{0,60}"
    r"|(?:join|start) the conversation\.?|join our commenting forum|article content|author of the article:?|support local journalism\.?|back to gallery"
    r"|this advertisement has not loaded.{0,80}|advertisement \d{1,2}|by submitting your email.{0,160}|invalid email|(?:register|sign in)\b[^.!?]{0,40}\bto unlock[^.!?]{0,60}"
    r"|create an account or sign in\b.{0,80}|share your thoughts and join.{0,60}|enjoy additional articles per month\.?|get email updates from .{0,40}"
    r"|don.t have an account\?.{0,60}|du musst angemeldet sein.{0,60}|you must be logged in.{0,60}"
    # players and posts that wait for consent
    r"|externer inhalt nicht verfügbar|dein(?:e|en) privatsphäre-einstellungen.{0,300}|an dieser stelle findest du.{0,300}|personenbezogene daten können an drittplattformen.{0,200}"
    # shares, and what else there is to read
    r"|copy link|e-?mail|x|bluesky|threads|messenger|flipboard|pinterest|reddit|linkedin|tumblr|telegram|share this story ?:.{0,250}"
    r"|das könnte (?:sie|dich|euch) (?:auch )?interessieren:?|you (?:may|might) also (?:like|be interested in).{0,20}|(?:vorheriger|nächster|previous|next) (?:artikel|article|post): .{3,200}"
    r"|geschrieben am .{6,60}|関連(?:企業・業界|キーワード|トピックス?|リンク)|こちらもおすすめ.{0,12}",
])  # fmt: skip
# Notes that begin with a name: tried only where the text holds the first string, since they look far through it.
_NOTES_BY_NAME = (
    (
        " contributed ",
        re.compile(r".{3,120} contributed (?:to )?(?:this )?(?:report|reporting|story|article|research)\b.{0,120}"),
    ),
    (" be ", re.compile(r".{3,60} (?:may|can) be (?:reached|contacted) (?:at|on|by) .{3,200}")),
)
# What only a note of the paper's says, whatever words go on behind it: no sentence of a story fits by chance.
_SURE = re.compile(
    r" contributed (?:to this (?:report|reporting|story|article)|reporting(?: from [^.]{2,60})?)\.?$|(?:may|can) be (?:reached|contacted) (?:at|on|by) \S+@\S+"
    r"|^\((?:additional |with )?(?:reporting|writing|editing|compiled|report|edited|written) by |^by (?:signing up|clicking)\b.{0,40}\byou (?:agree|consent)"
    r"|^(?:copyright )?(?:©|\(c\)) ?(?:\d{4}|.*(?:rights reserved|rechte vorbehalten|derechos reservados|tous droits réservés|hak cipta))|^有料会員に"
)
# What a story may say too: taken for a note only with a link, at the head or the end.
_LINKED_NOTES = re.compile(
    r".{0,150}\b(?:sign up|subscribe|abonnier\w*|suscríb\w*|inscrivez|iscriviti|registrieren)\b.{0,200}"
    r"|(?:also|related|(?:see )?more|watch|must read|don.t miss|in case you missed it|read)\s*[:|] .{3,160}"
    r"|follow .{2,60} on (?:twitter|facebook|instagram|x|threads|bluesky)\b.{0,120}"
    r"|(?:note: )?.{0,80}\bcomments?\b.{0,80}\b(?:moderat\w+|closed|disabled|guidelines|policy)\b.{0,120}",
)
_LONGEST_NOTE = 400


@lru_cache(maxsize=64)
def line_rules(patterns: tuple[str, ...]) -> LineRules:
    """The rules of one site's lines."""
    return LineRules(patterns)


def is_line_of(rules: LineRules, text: str) -> bool:
    """Whether a whole block is one of these lines."""
    return len(text) <= _LONGEST and rules.fit(_bare(text))


def _bare(text: str) -> str:
    return text.lower().strip(' *-–—>•"')


def is_boilerplate(text: str) -> bool:
    """Whether a whole block is one of the lines that papers set into every text."""
    return known_furniture(text) is not None


def known_furniture(text: str) -> KnownLine | None:
    """The rule that knows a whole block as one of the lines that papers set into every text; None for any other."""
    if len(text) <= _LONGEST:
        line = _bare(text)
        if (is_open := _LINES.fit_openly(line)) is not None:
            return KnownLine("furniture", is_open and _SURE.search(line) is None)
        for hint, pattern in _OPEN_LINES:
            if hint in line and pattern.fullmatch(line) is not None:
                return KnownLine("furniture", is_open=True)
    return KnownLine(NO_WORDS) if _ALNUM.search(text) is None else None


def is_end(text: str) -> bool:
    """Whether a line is the heading of what follows a text: comments, a note on the author."""
    return len(text) <= _LONGEST_END and _ENDS.fit(text.lower().strip(" *-–—>•:|"))


def without_tail(text: str) -> str:
    """A paragraph without the promotional sentence that closes it."""
    if len(text) <= _SHORTEST_TAIL:
        return text
    end = text[-_LONGEST_TAIL:].lower()
    for hint in _TAIL_HINTS:  # looking for a hint first is ten times quicker
        if hint in end:
            break
    else:
        return text
    return _TAIL.sub("", text).rstrip()


def syndicated_from(text: str) -> str | None:
    """The outlet that a syndication note names; None if the text is no such note."""
    match = _SYNDICATION.search(text)
    return match["outlet"].rstrip(".,") if match else None


def is_note(block: RawBlock, *, is_edge: bool) -> bool:
    """Whether a block is a note of the paper's; `is_edge` says that it stands among the first or last blocks."""
    return known_note(block, is_edge=is_edge) is not None


def known_note(block: RawBlock, *, is_edge: bool) -> KnownLine | None:
    """The rule that knows a block as a note of the paper's; None for any other."""
    if len(block.text) > _LONGEST_NOTE:
        return None
    text = block.text.lower()
    for hint, pattern in _NOTES_BY_NAME:
        if hint in text and pattern.fullmatch(text):
            return KnownLine("note", is_open=_SURE.search(text) is None)
    if (is_open := _NOTES.fit_openly(text)) is not None:
        return KnownLine("note", is_open and _SURE.search(text) is None)
    is_linked = is_edge and bool(block.links) and _LINKED_NOTES.fullmatch(text) is not None
    return KnownLine("note", is_open=True) if is_linked else None
