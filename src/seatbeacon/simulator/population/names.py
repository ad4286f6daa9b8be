"""Names of many scripts, each beside the ASCII form that a user principal name takes."""

from __future__ import annotations

from functools import lru_cache

_LATIN = (
    (
        (
            "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William "
            "Barbara Richard Susan Joseph Jessica "
            "Thomas Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty Anthony Sandra "
            "Mark Ashley Steven Emily "
            "Andrew Kimberly Paul Margaret Joshua Donna Kenneth Michelle Kevin Carol Brian Amanda "
            "George Melissa Alan Amy"
        ),
        (
            "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez "
            "Lopez Gonzalez Wilson Anderson "
            "Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez "
            "Lewis Robinson Walker Young Allen "
            "King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera "
            "Campbell Mitchell Carter"
        ),
    ),
    (
        (
            "Jürgen Søren Åsa Björn Anaïs Zoë Chloé François André José María Íñigo João Conceição "
            "Łukasz Małgorzata Jiří Žofia "
            "Ľubomír Gülşen İbrahim Þórunn Ægir Mārtiņš Šarūnas Ștefan Ágnes Örs Đorđe Håkon Sigrún Renée"
        ),
        (
            "Müller Schröder Weiß Jørgensen Ångström Lefèvre Núñez Gonçalves Wójcik Dvořák Šimůnek "
            "Kovačević Yıldız Öztürk "
            "Guðmundsdóttir Bērziņš Țăranu Szőke Nagy Petrović Strøm Höök Sjöberg Łępicki Ruíz "
            "Ibáñez Grønn Ñíguez"
        ),
    ),
)
_PAIRED = (
    (
        "Ελένη/eleni Γιώργος/giorgos Κατερίνα/katerina Δημήτρης/dimitris Σοφία/sofia Νίκος/nikos",
        "Παπαδόπουλος/papadopoulos Νικολάου/nikolaou Οικονόμου/oikonomou Βλάχος/vlachos Ζαχαρίου/zachariou",
    ),
    (
        (
            "Анна/anna Дмитрий/dmitry Ольга/olga Сергей/sergey Юлия/yulia Олександр/oleksandr "
            "Зоряна/zoriana Йосиф/yosif"
        ),
        (
            "Иванова/ivanova Смирнов/smirnov Кузнецов/kuznetsov Шевченко/shevchenko "
            "Ющенко/yushchenko Жуков/zhukov Ёлкина/yolkina"
        ),
    ),
    (
        "محمد/mohammed فاطمة/fatima أحمد/ahmed ليلى/layla يوسف/yousef نور/nour",
        "الحسن/alhassan المصري/almasri العلي/alali الشريف/alsharif حداد/haddad",
    ),
    (
        "דוד/david רחל/rachel יעל/yael אורי/uri נועה/noa",
        "כהן/cohen לוי/levi מזרחי/mizrahi ברקוביץ/berkovich שפירא/shapira",
    ),
    (
        "伟/wei 芳/fang 秀英/xiuying 敏/min 静/jing 丽/li 强/qiang 磊/lei",
        "王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 黄/huang 欧阳/ouyang 徐/xu",
    ),
    (
        "太郎/taro 花子/hanako さくら/sakura 健一/kenichi 美咲/misaki 蓮/ren",
        "佐藤/sato 鈴木/suzuki 髙橋/takahashi 田中/tanaka 渡邉/watanabe 伊藤/ito 山本/yamamoto",
    ),
    (
        "민준/minjun 서연/seoyeon 지훈/jihoon 하은/haeun 도윤/doyun",
        "김/kim 이/yi 박/park 최/choi 정/jeong 강/kang",
    ),
    (
        "आरव/aarav प्रिया/priya रोहन/rohan अनन्या/ananya विजय/vijay मीरा/meera",
        "शर्मा/sharma वर्मा/verma गुप्ता/gupta सिंह/singh पटेल/patel अय्यर/iyer",
    ),
    ("Nguyễn/nguyen Phạm/pham Trần/tran", "Thị Hương/thihuong Văn Đức/vanduc Quỳnh/quynh Xuân Ước/xuanuoc"),
    ("Chinedu Ngozi Themba Zanele Kwame Abena", "Okonkwo Adeyemi Dlamini Nkosi Mensah Quaye Xaba Ndlovu"),
    (
        "D'Arcy/darcy Mary-Jane/maryjane Jean-Luc/jeanluc",
        "O'Neill/oneill McDonald/mcdonald van_der_Berg/vanderberg de_la_Cruz/delacruz",
    ),
)
_FOLD = str.maketrans(
    {
        **dict.fromkeys("àáâãäåāăąÀÁÂÃÄÅ", "a"),
        **dict.fromkeys("èéêëēęěÈÉÊË", "e"),
        **dict.fromkeys("ìíîïīıİÍ", "i"),
        **dict.fromkeys("òóôõöøőÖØÓ", "o"),
        **dict.fromkeys("ùúûüūůűÜÚ", "u"),
        **dict.fromkeys("çćčÇČ", "c"),
        **dict.fromkeys("ñńňņÑ", "n"),
        **dict.fromkeys("śšşșŚŠȘ", "s"),
        **dict.fromkeys("źżžŻŽ", "z"),
        **dict.fromkeys("łľļŁĽ", "l"),
        **dict.fromkeys("ýÿ", "y"),
        **dict.fromkeys("đðĐ", "d"),
        **dict.fromkeys("țţŢȚ", "t"),
        **dict.fromkeys("řŕ", "r"),
        **dict.fromkeys("ğģ", "g"),
        "ß": "ss",
        "þ": "th",
        "Þ": "th",
        "æ": "ae",
        "Æ": "ae",
        "ķ": "k",
    }
)


def _pairs(words: str) -> list[tuple[str, str]]:
    pairs = []
    for word in words.split():
        native, _, ascii_form = word.partition("/")
        folded = ascii_form or native.translate(_FOLD).lower().replace("'", "").replace("-", "")
        pairs.append((native.replace("_", " "), folded))
    return pairs


@lru_cache(maxsize=1)
def full_names() -> tuple[tuple[str, str, str], ...]:
    """Every combination of given name and surname: (given, surname, `given.surname` in ASCII), none twice in
    ASCII."""
    found: dict[str, tuple[str, str, str]] = {}
    cultures = [(_pairs(given), _pairs(family)) for given, family in _LATIN]
    for given, family in _PAIRED:
        spaced = (given, family.replace("Thị ", "Thị_").replace("Văn ", "Văn_").replace("Xuân ", "Xuân_"))
        cultures.append((_pairs(spaced[0]), _pairs(spaced[1])))
    for givens, families in cultures:
        for given, given_ascii in givens:
            for family, family_ascii in families:
                mailbox = f"{given_ascii}.{family_ascii}"
                found.setdefault(mailbox, (given, family, mailbox))
    return tuple(found.values())


ODD_DISPLAY_NAMES = (
    "{name} 🦊",
    "<b>{name}</b>",
    '=HYPERLINK("http://example.invalid";"{name}")',
    "+{name}",
    "@{name}",
    "-{name}-",
    "{name}, PhD",
    '"{name}"',
    "<script>alert(1)</script> {name}",
    "{name} & Söhne; Ltd",
    " {name} ",
    "Zoë\u200d {name}",
    "\t{name}",
    "{name} 👩🏽‍💻",
    "O'{name}",
    "{name}\\",
)
"""What people and importers do to display names: emoji, markup, formulas, quotes, commas, blanks at either
end."""
