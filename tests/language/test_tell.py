"""A text's language is recognised by its script and its commonest words; if neither is enough, it is not guessed."""

from __future__ import annotations

import pytest

from scraper.language import host_language, page_languages, tell_language

# Sentences of our own, as a paper might print them.
TEXTS = {
    "id": "Warga di tiga desa mengungsi setelah sungai meluap pada Senin malam. Kepala badan penanggulangan bencana mengatakan bahwa bantuan akan tiba hari ini untuk para korban, dan tidak ada korban jiwa.",
    "ms": "Penduduk di tiga kampung dipindahkan selepas sungai melimpah malam semalam. Ketua balai berkata bantuan akan tiba hari ini kerana jalan telah dibuka, manakala pihak polis mengawal kawasan itu.",
    "en": "People in three villages left their homes after the river rose on Monday night. The mayor said that help would come today, and that nobody had been hurt in the flood.",
    "de": "Die Bewohner von drei Dörfern mussten ihre Häuser verlassen, nachdem der Fluss am Montag über die Ufer getreten war. Der Bürgermeister sagte, dass heute Hilfe kommt und niemand verletzt wurde.",
    "fr": "Les habitants de trois villages ont quitté leurs maisons après la crue du fleuve dans la nuit de lundi. Le maire a dit que les secours arrivent et que personne n'est blessé.",
    "es": "Los vecinos de tres pueblos dejaron sus casas después de que el río creciera en la noche del lunes. El alcalde dijo que la ayuda llega hoy y que no hay heridos.",
    "pt": "Os moradores de três aldeias deixaram as suas casas depois que o rio subiu na noite de segunda. O prefeito disse que a ajuda chega hoje e que não há feridos.",
    "it": "Gli abitanti di tre paesi hanno lasciato le case dopo che il fiume è salito nella notte di lunedì. Il sindaco ha detto che gli aiuti sono in arrivo e non ci sono feriti.",
    "nl": "De bewoners van drie dorpen hebben hun huizen verlaten nadat de rivier maandag buiten de oevers was getreden. De burgemeester zei dat er vandaag hulp komt en niemand gewond is.",
    "pl": "Mieszkańcy trzech wsi opuścili domy po tym, jak rzeka wylała w poniedziałek. Burmistrz powiedział, że pomoc jest w drodze i że nikt nie został ranny.",
    "tr": "Üç köyde yaşayanlar nehir taştıktan sonra evlerini terk etti. Belediye başkanı yardımın bugün geleceğini ve kimsenin yaralanmadığını söyledi; bu gece için de uyarı var.",
    "ru": "Жители трёх деревень покинули дома после того, как река вышла из берегов. Глава района сообщил, что помощь уже в пути и никто не пострадал.",
    "uk": "Мешканці трьох сіл залишили домівки після того, як річка вийшла з берегів. Голова громади повідомив, що допомога вже в дорозі та ніхто не постраждав.",
    "bg": "Жителите на три села напуснаха домовете си, след като реката преля. Кметът съобщи, че помощта е на път и няма пострадали при наводнението.",
    "el": "Οι κάτοικοι τριών χωριών έφυγαν από τα σπίτια τους.",
    "ar": "غادر سكان ثلاث قرى منازلهم بعد أن فاض النهر مساء الاثنين. وقال رئيس البلدية إن المساعدات في الطريق ولا إصابات.",
    "fa": "ساکنان سه روستا پس از طغیان رود خانه های خود را ترک کردند. شهردار گفت که کمک در راه است و هیچ کس آسیب ندیده است.",
    "hi": "तीन गांवों के लोगों ने नदी में बाढ़ आने के बाद घर छोड़ दिए।",
    "th": "ชาวบ้านสามหมู่บ้านอพยพหลังแม่น้ำเอ่อล้นเมื่อคืนวันจันทร์",
    "vi": "Người dân ở ba xã đã rời nhà sau khi nước sông dâng cao trong đêm. Ông chủ tịch cho biết cứu trợ sẽ đến hôm nay và không có người bị thương.",
    "ja": "川が氾濫し、三つの村の住民が月曜の夜に避難した。",
    "ko": "강이 넘쳐 세 마을 주민들이 월요일 밤 집을 떠났다. 시장은 도움이 온다고 말했다.",
    "zh": "河水在星期一晚上泛滥，三个村庄的居民离开了家园。镇长表示救援正在路上。",
    "sv": "Invånarna i tre byar lämnade sina hem efter att ån svämmade över i måndags. Kommunalrådet säger att hjälpen är på väg och att ingen har skadats.",
    "da": "Beboerne i tre landsbyer forlod deres hjem, efter at åen gik over sine bredder. Borgmesteren siger, at hjælpen er på vej, og at ingen blev såret af den.",
    "nb": "Innbyggerne i tre bygder forlot hjemmene sine etter at elva gikk over sine bredder. Ordføreren sier at hjelpen er på vei nå, og at ingen ble skadet av den.",
    "fi": "Kolmen kylän asukkaat lähtivät kodeistaan, kun joki tulvi maanantaina. Kunnanjohtaja sanoo, että apu on jo matkalla ja että kukaan ei ole loukkaantunut.",
    "cs": "Obyvatelé tří vesnic opustili domovy poté, co se řeka vylila z břehů. Starosta řekl, že pomoc je na cestě a že se nikdo nezranil, ale podle něj voda ještě stoupne.",
    "ro": "Locuitorii din trei sate au plecat din case după ce râul a ieșit din matcă. Primarul a spus că ajutorul este pe drum și că nu sunt răniți.",
    "hu": "Három falu lakói elhagyták az otthonukat, miután a folyó kilépett a medréből. A polgármester szerint a segítség már úton van, és nem sérült meg senki, de ez még nem a vége.",
    "tl": "Lumikas ang mga residente ng tatlong barangay matapos umapaw ang ilog. Ayon sa alkalde, may tulong na darating at hindi nasaktan ang mga tao sa baha.",
    "hr": "Stanovnici triju sela napustili su domove nakon što je rijeka izašla iz korita. Načelnik je rekao da je pomoć na putu i da nitko nije ozlijeđen, ali će vodostaj rasti tijekom noći, kazao je također.",
    "sk": "Obyvatelia troch dedín opustili domovy po tom, ako sa rieka vyliala z brehov. Starosta povedal, že pomoc je na ceste a nikto nie je zranený, ale podľa neho voda stúpne.",
    "sl": "Prebivalci treh vasi so zapustili domove, ko je reka prestopila bregove. Župan je dejal, da je pomoč na poti in da ni poškodovanih, a po njegovem bo voda še narasla.",
    "lt": "Trijų kaimų gyventojai paliko namus, kai upė išėjo iš krantų. Meras sakė, kad pagalba jau pakeliui ir kad niekas nebuvo sužeistas, bet vanduo dar kyla.",
    "lv": "Trīs ciemu iedzīvotāji pameta mājas pēc tam, kad upe izgāja no krastiem. Mērs sacīja, ka palīdzība ir ceļā un ka neviens nav cietis, bet ūdens līmenis vēl ceļas.",
    "et": "Kolme küla elanikud lahkusid kodudest, kui jõgi tõusis üle kallaste. Vallavanem ütles, et abi on teel ja keegi ei ole viga saanud, aga vesi tõuseb veel.",
    "ca": "Els veïns de tres pobles han deixat les cases després que el riu creixés. L'alcalde ha dit que l'ajuda és en camí i que no hi ha ferits, però també que la pluja seguirà amb força.",
    "he": "תושבי שלושה כפרים עזבו את בתיהם לאחר שהנהר עלה על גדותיו.",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_of_a_few_lines_is_told(language: str) -> None:
    told = tell_language(TEXTS[language])
    assert told is not None
    assert (told.language, told.is_clear) == (language, True)


@pytest.mark.parametrize("text", ["", "404", "Xyzzy plugh qux", "Foto: REUTERS/Ana", "ABBA – Waterloo"])
def test_what_nothing_tells_is_not_guessed(text: str) -> None:
    told = tell_language(text)
    assert told is None or not told.is_clear


def test_two_languages_in_one_text_are_told_by_the_greater_part() -> None:
    told = tell_language(TEXTS["de"] * 3 + TEXTS["en"])
    assert told is not None
    assert told.language == "de"


@pytest.mark.parametrize(
    ("declared", "text", "languages"),
    [
        ("id-ID", TEXTS["id"], ("id",)),
        ("in", TEXTS["id"], ("id",)),
        ("no", TEXTS["nb"], ("nb",)),
        ("en-US", TEXTS["de"], ("de", "en")),  # a theme's default, left as it was
        (None, TEXTS["fr"], ("fr",)),
        ("xx", TEXTS["ko"], ("ko",)),
        ("de", "Foto: dpa", ("de",)),
        (None, "404", ()),
    ],
)
def test_a_page_has_the_languages_that_it_declares_and_that_its_text_says(
    declared: str | None, text: str, languages: tuple[str, ...]
) -> None:
    assert page_languages([declared], text) == languages


@pytest.mark.parametrize(
    ("host", "language"),
    [("www.diario.com.mx", "es"), ("zeitung.at", "de"), ("example.com", None), ("koran.id", "id"), ("", None)],
)
def test_the_end_of_a_host_may_say_what_its_country_speaks(host: str, language: str | None) -> None:
    assert host_language(host) == language
