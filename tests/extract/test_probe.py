"""Ordinary news sentences with words that papers also use around texts: none of them is dropped, wherever it is."""

from __future__ import annotations

import pytest

import scraper
from scraper.extract import explain
from tests.extract.makers import SENTENCES, page, prose

SENTENCES_OF_NEWS = {
    "en": (
        "Follow-up checks on Facebook found that the accounts had been opened in March.",
        "Follow the money on Twitter, the prosecutor told the court, and the network becomes visible.",
        "Get vaccinated before the newsletter of the clinic reaches every inbox, the mayor joked.",
        "Subscribe to no theory too early, said the detective whose newsletter made him famous.",
        "Sign up sheets for the newsletter were stolen from the town hall overnight.",
        "Share prices fell for a third day after the bank published its report.",
        "Read more books, the minister told pupils at the opening of the library.",
        "Related charges against the two brothers were dropped in October.",
        "Click here to vote was the only sentence on the forged page, investigators said.",
        "Advertisement revenue fell by a fifth, the publisher told its staff on Monday.",
        "Comments by the president drew protests in the capital on Saturday.",
        "Contact tracing with an app called @trace was stopped last summer.",
        "Three universities contributed research on the flood to the parliament.",
        "The storm contributed to this story of loss, the author writes in her book.",
        "Posted in 2019, the video had been seen by millions before it was deleted.",
        "Download the app and you become the product, the consumer group warned.",
        "Recommended doses were exceeded in four of the ten hospitals.",
        "Copyright 1984 was printed on the stolen page, the archive said.",
        "Photo: that single word was all the envelope said, according to the police.",
        "Previous post offices in the district had closed without any notice.",
        "Related to the king by marriage, the accused lived in a wing of the palace.",
        "Advertisement for the post drew more than nine hundred letters, the council said.",
        "Comments on the draft law may be sent to the ministry until Friday, its spokesman said.",
        "Share the road, the police chief told drivers after the third accident this week.",
        "Photo evidence from the bridge convinced the jury within an hour.",
        "Tags on the stolen bicycles led officers to a barn outside the town.",
        "Newsletter writers earn more than reporters at most papers, a survey found.",
        "Watch towers along the border were empty when the inspectors came.",
        "Sign up here, said the recruiter, and by noon forty men had joined the fire brigade.",
        "More from the reserve will be needed before winter, the energy minister warned.",
        "Sponsored by a brewery, the festival returns to the harbour in June.",
        "Listen to your doctor and not to the podcast, the health office advised.",
        "Print editions of the paper will end in March after a century and a half.",
        "Updated maps of the flood plain show two thousand more houses at risk.",
        "Join the queue before six, residents were told, and bring your own bottles.",
    ),
    "id": (
        "Dilarang mengambil foto di dalam ruang sidang, kata petugas pengadilan kepada wartawan.",
        "Ikuti arahan petugas di saluran irigasi, kata bupati kepada warga yang mengungsi.",
        "Simak baik-baik aturan Instagram sebelum memasang iklan, kata pegiat konsumen itu.",
        "Baca doa bersama lewat WhatsApp menjadi kebiasaan baru warga desa.",
        "Update data korban lewat Telegram dilakukan setiap jam oleh relawan.",
        "Cek fakta di Facebook menunjukkan video itu direkam tiga tahun lalu.",
        "Dapatkan informasi yang benar setiap hari, kata dokter puskesmas itu.",
        "Berita terkait kematian pekerja tambang itu masih simpang siur.",
        "Selanjutnya: polisi akan memeriksa tiga saksi dari perusahaan itu.",
        "Halaman rumah sakit itu penuh dengan kendaraan keluarga pasien.",
        "Komentar gubernur soal banjir itu menuai protes warga.",
        "Lihat juga anak-anak yang putus sekolah, kata kepala dinas itu.",
        "Iklan rokok dilarang di sekitar sekolah mulai bulan depan.",
        "Klik kamera terdengar ketika tersangka keluar melalui saluran air.",
        "Ikuti terus perkembangan sidang itu, pinta hakim kepada kedua keluarga.",
        "Baca buku lebih banyak, pesan menteri kepada murid saat membuka perpustakaan.",
        "Simak penjelasan dokter tentang gejala demam itu sebelum membeli obat, kata petugas.",
        "Foto korban ditemukan di dalam dompet yang hanyut sampai ke muara.",
        "Iklan lowongan kerja palsu itu menjerat tiga ratus pelamar, kata polisi.",
        "Komentar di media sosial menjadi bukti dalam perkara itu, ujar jaksa.",
        "Bagikan beras kepada warga dilakukan setiap Jumat oleh pengurus masjid.",
        "Berita duka itu sampai ke desa dua hari setelah kapal tenggelam.",
        "Editor film itu meninggal sebelum karyanya diputar di kota kelahirannya.",
        "Penulis surat kaleng itu akhirnya mengaku di depan kepala sekolah.",
        "Halaman depan kantor camat terendam setinggi lutut sejak Subuh.",
        "Advertorial dilarang menyerupai berita, kata ketua dewan itu dalam sidang.",
        "Terkait hal itu, bupati meminta warga tidak menyalahkan siapa pun.",
        "Sumber air di lereng gunung mengering lebih cepat daripada tahun lalu.",
        "Tonton pertandingan dari rumah saja, pinta panitia karena stadion sudah penuh.",
        "Klik tombol merah itu, kata petugas, lalu sirene berbunyi di seluruh kampung.",
        "Unduh aplikasi itu membuat datanya dicuri, kata korban kepada wartawan.",
        "Artikel ini dari undang-undang lama masih dipakai hakim pada putusan Kamis.",
    ),
    "de": (
        "Werbung für Tabak wird ab dem kommenden Jahr ganz verboten.",
        "Teilen wollten die Erben das Haus am See nicht.",
        "Mehr zum Thema Rente will die Ministerin erst im Herbst sagen.",
        "Kommentare zu dem Urteil lehnte der Anwalt am Freitag ab.",
        "Fotos: so lautete das Passwort des Einbrechers, wie die Polizei mitteilte.",
        "Anzeige erstattete die Gemeinde erst nach drei Wochen.",
        "Geschrieben am Küchentisch, wurde der Brief zum Beweisstück im Prozess.",
        "Vorheriger Artikel war die Überschrift des Absatzes, den das Gericht strich.",
        "Anzeigen wegen Lärms haben sich im Viertel seit dem Sommer verdoppelt.",
        "Werbung macht der Verein seit Jahren keine mehr, sagt der Vorsitzende.",
        "Kommentare unter dem Video brachten die Ermittler auf die Spur.",
        "Teilen Sie Ihr Brot, rief der Pfarrer, und die halbe Kirche stand auf.",
        "Folgen Sie dem Fluss, riet der Förster, dann finden Sie das Dorf.",
        "Lesen lernen viele Kinder hier erst in der dritten Klasse, klagt die Rektorin.",
        "Lesen Sie auch das Kleingedruckte, mahnt die Verbraucherzentrale.",
        "Mehr zum Unfall auf der Brücke wollte die Polizei am Abend nicht sagen.",
        "Foto und Fingerabdruck werden künftig im selben Amt genommen.",
        "Newsletter der Partei wurden über Jahre an Verstorbene geschickt.",
        "Drucken lässt der Verlag seine Bücher inzwischen in der Nachbarstadt.",
        "Aktualisiert wurde die Liste der gefährdeten Arten zuletzt vor zehn Jahren.",
        "Verwandte Themen der Physik lehrt sie seit dem Herbst in Jena.",
        "Autor des Drohbriefs war ein früherer Angestellter, stellte das Gericht fest.",
    ),
    "fr": (
        "Lire aussi vite que possible ne sert à rien, rappelle la bibliothécaire.",
        "Publicité et éducation ne font pas bon ménage, estime le syndicat.",
        "Imprimer des billets ne résoudra pas la crise, prévient la banque centrale.",
        "Commentaires et rumeurs ont circulé toute la nuit dans le village.",
        "Publicité mensongère: le tribunal a condamné la chaîne de magasins mardi.",
        "Partager le repas du dimanche est devenu rare, note la sociologue.",
        "Lire aussi le contrat jusqu'au bout, conseille l'association, évite les surprises.",
        "Commentaires et critiques ont accompagné la réouverture du marché couvert.",
        "Suivez le canal pendant une heure, disait le guide, et vous verrez le moulin.",
        "Photo à l'appui, le maire a montré les fissures du vieux pont.",
        "Abonnez votre mère à un journal, plaisantait-il, et elle vous appellera moins.",
        "Newsletter ou tract, tout support devra être déclaré avant le scrutin.",
        "Imprimer le manuel coûterait plus cher que le distribuer en ligne.",
        "Mis à jour chaque semaine, le registre des loups compte cent têtes.",
        "Sur le même sujet, les deux ministres ont tenu des propos opposés.",
        "Inscrivez-vous avant lundi, a répété la mairie aux parents d'élèves.",
        "Voir aussi loin que possible, tel était le but des bâtisseurs de la tour.",
        "Auteur de trois romans, le garagiste écrit la nuit dans son atelier.",
        "Sommaire mais juste, le jugement a été accueilli sans protestation.",
    ),
    "es": (
        "Publicidad engañosa fue el cargo que aceptó la empresa el martes.",
        "Lee también poesía en voz alta, dice su hija, y nunca olvida un verso.",
        "Comentarios del alcalde provocaron la protesta de los vecinos.",
        "Te puede interesar la política aunque no vayas a votar, dijo la candidata.",
        "Comparte piso con dos músicos desde que perdió su trabajo en el puerto.",
        "Publicidad y apuestas quedarán fuera de los estadios, anunció la ministra.",
        "Lee también el contrato, insistió el abogado, antes de firmar nada.",
        "Síguenos hasta la ermita, gritó el pastor, y cuarenta vecinos lo siguieron.",
        "Comentarios racistas en el partido costaron al club seis mil euros.",
        "Foto en mano, la madre recorrió todas las comisarías de la provincia.",
        "Suscríbete a nada sin leer la letra pequeña, aconseja la oficina del consumidor.",
        "Imprimir las papeletas costó más que el propio recuento de los votos.",
        "Relacionado con la mafia del puerto, el empresario huyó en una lancha.",
        "Más información pidió el juez a los bomberos sobre la causa del fuego.",
        "Ver también a los ausentes era imposible, escribió el poeta del pueblo.",
        "Autor y víctima se conocían desde la escuela, según la policía local.",
        "Actualizado el censo, la aldea tiene hoy menos vecinos que campanas.",
        "Boletín en mano, el alcalde negó que la norma estuviera en vigor.",
        "Temas como el agua dividieron de nuevo al consejo de la comarca.",
    ),
    "pt": (
        "Leia também os contratos, pediu o juiz aos vereadores na sessão.",
        "Publicidade de apostas será proibida nos estádios a partir de janeiro.",
        "Comentários do ministro irritaram os produtores de leite na segunda-feira.",
        "Leia também o rótulo, avisa a agência, antes de dar o remédio à criança.",
        "Publicidade enganosa levou a loja ao tribunal pela terceira vez.",
        "Compartilhe a água com o vizinho, pediu o prefeito durante a seca.",
        "Comentários do técnico após a derrota irritaram a torcida no domingo.",
        "Siga o rio até a ponte, disse o barqueiro, e espere pelo ônibus.",
        "Foto e assinatura foram falsificadas no documento, segundo a perícia.",
        "Assine aqui, disse o golpista, e a aposentada perdeu a casa.",
        "Veja também os números do ano passado, respondeu o ministro aos deputados.",
        "Imprimir dinheiro não resolve a dívida, repetiu o banco central.",
        "Atualizado pela última vez em março, o cadastro ignora mil famílias.",
        "Newsletter nenhuma substitui a conversa na praça, brincou o padre.",
        "Relacionadas ao crime, três armas foram achadas no fundo do poço.",
        "Mais lidas que os jornais, as cartas do soldado viraram livro.",
        "Autor do gol aos noventa minutos, o zagueiro saiu de maca do campo.",
    ),
    "it": (
        "Leggi anche severe non fermano chi guida ubriaco, dice il comandante.",
        "Pubblicità elettorale è stata affissa sulla facciata della scuola.",
        "Stampa e televisione hanno ignorato il caso per dieci anni.",
        "Condividi il pane con chi ha fame, disse il parroco ai bambini della valle.",
        "Pubblicità e gioco d'azzardo spariranno dagli stadi entro l'estate.",
        "Commenti e fischi hanno accolto il sindaco davanti al municipio.",
        "Leggi anche chiare restano senza effetto, sostiene il procuratore.",
        "Seguici fino al rifugio, gridò la guida, e nessuno si perse nella nebbia.",
        "Foto alla mano, il contadino ha mostrato i danni della grandine.",
        "Stampa locale e parrocchia hanno raccolto i fondi per la scuola.",
        "Iscriviti tardi e resti fuori, spiega la preside ai genitori.",
        "Aggiornato ogni dieci anni, il catasto dei boschi è pieno di errori.",
        "Articoli correlati alla pesca valgono un terzo delle esportazioni.",
        "Newsletter e volantini non bastano più, ammette il segretario del partito.",
        "Vedi anche tu che il fiume è basso, disse la donna al pescatore.",
        "Autore del furto era il custode stesso, ha stabilito il giudice.",
        "Sommario il processo, lunga la pena: così la difesa dopo la sentenza.",
    ),
    "nl": (
        "Reclame voor gokken verdwijnt deze zomer uit het straatbeeld.",
        "Lees ook de kleine letters, waarschuwt de bond van consumenten.",
        "Reacties op het besluit bleven donderdag uit in het dorp.",
        "Deel de kosten eerlijk, vroeg de burgemeester aan beide dorpen.",
        "Advertentie en artikel leken zo op elkaar dat de raad ingreep.",
        "Reclame voor snoep verdwijnt uit de bussen rond de scholen.",
        "Volg ons advies of ga failliet, zei de bank tegen de boeren.",
        "Lees ook tussen de regels, leerde de oude meester zijn klas.",
        "Foto en naam van de verdachte stonden een uur op de site.",
        "Reacties van buurtbewoners liepen uiteen van opluchting tot woede.",
        "Nieuwsbrief na nieuwsbrief beloofde de wethouder een nieuwe brug.",
        "Afdrukken van laarzen in de sneeuw leidden naar de schuur.",
        "Bijgewerkt tot en met maart telt de lijst honderd monumenten.",
        "Meer over de oorzaak wil de brandweer pas maandag zeggen.",
        "Gerelateerde klachten kwamen binnen bij drie andere ziekenhuizen.",
        "Bekijk ook de achterkant, zei de kenner, en het schilderij bleek vals.",
        "Auteur en uitgever spreken elkaar alleen nog via hun advocaten.",
    ),
    "pl": (
        "Reklama lekarstw zostanie ograniczona, zapowiedział minister zdrowia.",
        "Czytaj też między wierszami, radził swoim uczniom stary nauczyciel.",
        "Komentarze sąsiadów nagrała kamera przy wejściu do sklepu.",
        "Udostępnij wodę sąsiadom, prosił wójt podczas suszy.",
        "Reklama piwa zniknie z okolic szkół od września, uchwaliła rada.",
        "Komentarze po meczu kosztowały trenera posadę w klubie.",
        "Zobacz też drugą stronę umowy, radził prawnik starszej pani.",
        "Zdjęcie z drona pokazało, że wał pękł w trzech miejscach.",
        "Drukuj mniej, zarządził dyrektor urzędu, i papieru starczyło na rok.",
        "Newsletter parafii czyta więcej osób niż miejscową gazetę.",
        "Autor listu przyznał się do winy przed sądem w poniedziałek.",
        "Czytaj także dzieciom przed snem, zachęcała bibliotekarka.",
        "Więcej o przyczynach pożaru biegły powie dopiero za miesiąc.",
        "Aktualizacja map zajęła geodetom dwa lata i pół miliona złotych.",
        "Powiązane sprawy sąd rozpozna razem w przyszłym tygodniu.",
        "Obserwuj niebo po północy, radzą astronomowie z Torunia.",
        "Spis treści kroniki spłonął, ale sama księga ocalała.",
    ),
    "tr": (
        "Reklam gelirleri bu yıl yüzde on azaldı, dedi genel müdür.",
        "Yorumlar mahkeme kararından sonra günlerce sürdü.",
        "İlgili haberler gelene kadar köylüler okulda bekledi.",
        "Paylaş dedi annesi, çocuk ekmeğin yarısını komşuya verdi.",
        "Reklam yasağı okulların çevresinde eylül ayında başlıyor.",
        "Yorum yapmak istemeyen vali, gazetecilerin yanından hızla ayrıldı.",
        "Fotoğraf çekmek mahkeme salonunda yasak, diye hatırlattı memur.",
        "Takip eden günlerde köyde elektrik üç kez daha kesildi.",
        "Oku da adam ol, derdi dedesi her bayram sabahı.",
        "Abone sayısı bir yılda yarıya düştü, dedi derginin müdürü.",
        "Yazdır düğmesine basan memur bütün listeyi herkese gönderdi.",
        "Daha fazla bilgi isteyen savcı, dosyayı bilirkişiye yolladı.",
        "Etiketler sökülmüş, çuvallar başka depoya taşınmıştı.",
        "Güncelleme yapılmayan haritada yeni köprü görünmüyordu.",
        "Editör olarak başladığı gazetede kırk yıl çalıştı.",
        "İzle ve öğren, derdi usta marangoz çıraklarına.",
        "Bülten okunurken salonda kimse yerinden kıpırdamadı.",
    ),
}
ALL = [(language, sentence) for language, sentences in SENTENCES_OF_NEWS.items() for sentence in sentences]
AROUND = (*SENTENCES, *(f"Pada hari berikutnya {sentence[0].lower()}{sentence[1:]}" for sentence in SENTENCES))


def test_the_probe_is_large_enough() -> None:
    assert len(ALL) >= 200
    assert min(map(len, SENTENCES_OF_NEWS.values())) >= 15
    assert len(SENTENCES_OF_NEWS) >= 10
    assert len({sentence for _, sentence in ALL}) == len(ALL)


@pytest.mark.parametrize("place", [0, len(AROUND) // 2, len(AROUND)], ids=["first", "middle", "last"])
def test_no_ordinary_sentence_is_dropped(place: int) -> None:
    dropped = []
    for language, sentence in ALL:
        texts = (*AROUND[:place], sentence, *AROUND[place:])
        html = page(f"<article>{prose(*texts)}</article>").replace("<html", f'<html lang="{language}"', 1)
        found = explain(html, url="https://kabar.example/2026/05/panen")
        if found.article is None or sentence not in [block.text for block in found.article.body]:
            dropped.append((language, sentence, [removal for removal in found.removals if removal.text == sentence]))
    assert not dropped


@pytest.mark.parametrize(
    "heading", ["Comments", "Komentar", "Kommentare", "About the author", "Related", "Video", "Berita Terkait"]
)
def test_a_sub_heading_in_the_text_does_not_end_it(heading: str) -> None:
    """What such a heading opens stands below a text: more than the text itself is the text."""
    html = page(
        f"<article>{prose(*AROUND)}<h2>{heading}</h2>{prose(*(f'Lagi: {each}' for each in AROUND))}{prose(*AROUND[::-1])}</article>"
    )
    html = html.replace("<html", '<html lang="de"', 1) if heading == "Kommentare" else html
    article = scraper.extract(html, url="https://kabar.example/2026/05/panen")
    texts = [block.text for block in article.body]
    assert heading in texts
    assert texts[-1] == AROUND[0] or set(AROUND) <= set(texts)
    assert "block_doubtful" in article.warnings


@pytest.mark.parametrize(
    "headline",
    [
        "404 Kepala Keluarga Mengungsi", "404 houses flooded in the delta", "404 Häuser nach dem Sturm ohne Strom", "Page from lost Bible found in attic wall",
        "Artikel Kesehatan yang Hilang Ditemukan Lagi",
    ],
)  # fmt: skip
def test_a_number_in_a_headline_is_no_error_page(headline: str) -> None:
    html = f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1><article>{prose(*SENTENCES)}</article></body></html>"
    assert scraper.extract(html, url="https://kabar.example/2026/05/panen").headline == headline
