"""Names that stand where no artist is known: various, unknown.

Two listeners of "Various Artists" have nothing in common by it.
"""

from matcher.domain.names.spelling import normalise

# Compilations and untagged files as players, shops and MusicBrainz write them, by language.
_NAMES = """
VA; V.A.; V/A; V.V.A.A.; VV.AA.; Various; Various Artists; Various Artist; Various Interprets
Various Performers; Various Composers; Multiple Artists; Mixed Artists; Varios; Varios Artistas
Varios Intérpretes; Artistas Varios; Artistas Variados; Vários; Vários Artistas; Vários Intérpretes
Diversos Artistas; Diversos; Diversos Intérpretes; Artistes Divers; Divers; Divers Artistes
Artistes Variés; Multi-interprètes; Plusieurs Artistes; Verschiedene; Verschiedene Künstler
Verschiedene Interpreten; Diverse Künstler; Diverse Interpreten; Diverse; Diverse Artiesten
Diverse Artister; Diverse Kunstnere; Diverse Uitvoerenden; Verschillende Artiesten
Verschillende Uitvoerders; Blandade Artister; Olika Artister; Div. Artister; Eri Esittäjiä
Useita Esittäjiä; Artisti Vari; Vari Artisti; Autori Vari; Aa.Vv.; Różni Wykonawcy; Różni Artyści
Různí Interpreti; Různí Umělci; Rôzni Interpreti; Rôzni Umelci; Különböző Előadók; Vegyes Előadók
Több Előadó; Artiști Diverși; Diverși Artiști; Diverși Interpreți; Razni Izvođači
Različni Izvajalci; Çeşitli Sanatçılar; Çeşitli; Karışık Sanatçılar; Διάφοροι; Διάφοροι Καλλιτέχνες
Разные исполнители; Различные исполнители; Разные артисты; Разные; Сборник; Різні виконавці
Різні артисти; Разни изпълнители; Разни извођачи; Dažādi Izpildītāji; Įvairūs Atlikėjai
Erinevad Esitajad; Ýmsir flytjendur; Ýmsir; Artistes Diversos; Diversos Artistes; Hainbat Artista
Berbagai Artis; Pelbagai Artis; Artis Pelbagai; Nhiều nghệ sĩ; Nhiều ca sĩ; Nghệ sĩ khác nhau
فنانون مختلفون; فنانون متنوعون; فنانين متنوعين; مجموعة فنانين; منوعات; هنرمندان مختلف; אמנים שונים
מבצעים שונים; ศิลปินหลากหลาย; รวมศิลปิน; ศิลปินต่างๆ; विभिन्न कलाकार; विविध कलाकार; বিভিন্ন শিল্পী
பல்வேறு கலைஞர்கள்; వివిధ కళాకారులు; ವಿವಿಧ ಕಲಾವಿದರು; വിവിധ കലാകാരന്മാർ; 群星; 合辑; 合輯; 多位艺术家
多位藝術家; 多位演出者; 各种艺人; 各種藝人; 众艺人; 眾藝人; 華語群星; 华语群星
ヴァリアス・アーティスト; ヴァリアスアーティスト; ヴァリアス; バリアス・アーティスト; オムニバス
複数のアーティスト; 여러 아티스트; 다양한 아티스트; 여러 가수; Various 아티스트
Unknown; Unknown Artist; Unknown Artists; Unknown Performer; Artist Unknown; Unknown Author
Unknown Composer; No Artist; No Artist Name; Unnamed Artist; [anonymous]; [traditional]; [data]
[dialogue]; [no artist]; [unknown]; [language instruction]; [nature sounds]; Anonymous; Traditional
Trad.; Anónimo; Anônimo; Anonyme; Anonym; Tradicional; Traditionnel; Traditionell; Tradizionale
Desconocido; Artista Desconocido; Intérprete Desconocido; Desconhecido; Artista Desconhecido
Intérprete Desconhecido; Inconnu; Artiste Inconnu; Interprète Inconnu; Unbekannt
Unbekannter Künstler; Unbekannter Interpret; Unbekannte Interpreten; Onbekend; Onbekende Artiest
Okänd; Okänd Artist; Ukendt; Ukendt Kunstner; Ukjent; Ukjent Artist; Ukendt Artist; Tuntematon
Tuntematon Esittäjä; Tuntematon Artisti; Sconosciuto; Artista Sconosciuto; Artisti Sconosciuti
Nieznany; Nieznany Wykonawca; Nieznany Artysta; Neznámý; Neznámý Interpret; Neznámý Umělec; Neznámy
Neznámy Interpret; Ismeretlen; Ismeretlen Előadó; Necunoscut; Artist Necunoscut
Interpret Necunoscut; Nepoznati Izvođač; Neznani Izvajalec; Bilinmeyen; Bilinmeyen Sanatçı
Bilinmeyen Artist; Άγνωστος; Άγνωστος Καλλιτέχνης; Неизвестный исполнитель; Неизвестный артист
Неизвестен; Неизвестно; Невідомий виконавець; Неизвестен изпълнител; Непознати извођач
Nezināms Izpildītājs; Nežinomas Atlikėjas; Tundmatu Esitaja; Óþekktur; Artista Desconegut
Artista Ezezaguna; Artis Tidak Dikenal; Artis Tidak Diketahui; Artis Tak Dikenali
Nghệ sĩ không xác định; Nghệ sĩ không rõ; Không rõ; فنان غير معروف; فنان مجهول; غير معروف
هنرمند ناشناس; ناشناس; אמן לא ידוע; לא ידוע; ศิลปินที่ไม่รู้จัก; ไม่ทราบศิลปิน; अज्ञात कलाकार; अज्ञात
অজানা শিল্পী; தெரியாத கலைஞர்; తెలియని కళాకారుడు; ಅಪರಿಚಿತ ಕಲಾವಿದ; അജ്ഞാത കലാകാരൻ; 未知艺术家; 未知藝術家
未知艺人; 未知藝人; 未知歌手; 未知演出者; 佚名; 不明なアーティスト; 不明; アーティスト不明
不明アーティスト; アーティスト情報なし; 알 수 없는 아티스트; 알 수 없음; 아티스트 미상
"""

PLACEHOLDERS = frozenset(normalise(name) for name in _NAMES.replace("\n", ";").split(";")) - {""}
"""Normal forms of these names."""
