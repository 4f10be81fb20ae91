"""Invented names of companies and people, and account numbers that no bank has given out.

Two words of one list never begin with the same three letters, so that names without a common word resemble nothing.
"""

import unicodedata

_STEMS = (
    "Berg Sol Nord Fjell Lind Haug Strand Grøn Vest Øster Sund Elv Skog Stein Hval Tind Myr Hav Dag Ask Bjørk Eik Furu "
    "Gran Hegg Kirke Lys Mølle Ravn Sand Tor Ulv Ved Bach Eber Hoff Kron Löwen Mühl Ober Pfal Rosen Schön Tann Unter "
    "Wald Zell Zimmer Gott Cast Mont Almei Olive Silv Carv Gonç Mende Vasc Corr Teix Araú Kvern Brenn Drei Iver Jern "
    "Nygå Quist"
).split()
_ENDINGS = (
    "vik heim dal stad nes lund strøm mark tun holm øy sæter rud gård bakk hausen burg feld dorf tal rode ried stett "
    "eira osa ado inho ana elos ida land moen voll hagen foss vann torp by sjø eng"
).split()
_TRADES = (
    "Transport Elektro Bygg Handel Consulting Logistikk Design Data Foods Marine Energi Teknikk Eiendom Media Print "
    "Papir Glass Metall Textil Möbel Pharma Optik Garten Reisen Verlag Software Systems Service Sport Musikk Frukt "
    "Kaffe Bakeri Fisk Auto Werkstatt Comércio Indústria Calçados Livros Química Agro Náutica Kosmetik Leder Holz "
    "Kunst Labor"
).split()
# One in four companies is long enough to be cut by a bank: statements end names at 27, 32 or 35 characters.
_EXTENSIONS = (
    "Internasjonal Deutschland Entreprenør Skandinavia Gesellschaft Distribuidora Produksjon Participações"
).split()
_FORMS = (("AS", "NO"), ("GmbH", "DE"), ("AB", "SE"), ("Ltda", "PT"), ("A/S", "DK"))
_FIRST = (
    "Anna Björn Clara David Emma Frank Greta Henrik Ida João Karin Lars Maria Nils Olga Pedro Rita Søren Tiago Ulla "
    "Vera Wilma Xenia Yngve Zoe Álvaro Beatriz Cecilie Dagny Erik Fabian Gunnar Hugo Inês Julia Kjetil Leif Petra "
    "Noah Otto Paula Ragnhild Sigrid Thea Urs Viktor Walter Øyvind"
).split()

# Steps through all combinations in an order that looks random; prime, and no divisor of the number of combinations.
_COMPANY_STEP = 50_021
_PERSON_STEP = 40_009
COMPANIES_MAX = len(_STEMS) * len(_ENDINGS) * len(_TRADES)
PERSONS_MAX = len(_FIRST) * len(_STEMS) * len(_ENDINGS)

# Letters that have no accent to take off and that banks write with plain ones.
_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss"})


def without_accents(text: str) -> str:
    """The text in plain Latin letters: `Mühlstrøm` becomes `Muhlstrom`."""
    parts = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def company(number: int) -> tuple[str, frozenset[str], str]:
    """The name, its marks and the country of the company with this number, below COMPANIES_MAX; no name twice."""
    place = number * _COMPANY_STEP % COMPANIES_MAX
    place, stem = divmod(place, len(_STEMS))
    trade, ending = divmod(place, len(_ENDINGS))
    words = [_STEMS[stem] + _ENDINGS[ending], _TRADES[trade]]
    if number % 4 == 1:
        words.append(_EXTENSIONS[number // 4 % len(_EXTENSIONS)])
    form, country = _FORMS[number % len(_FORMS)]
    return " ".join([*words, form]), marks_of(words), country


def person(number: int) -> tuple[str, frozenset[str], str]:
    """The name, its marks and the country of the person with this number, below PERSONS_MAX; no name twice."""
    place = number * _PERSON_STEP % PERSONS_MAX
    place, first = divmod(place, len(_FIRST))
    ending, stem = divmod(place, len(_STEMS))
    words = [_FIRST[first], _STEMS[stem] + _ENDINGS[ending]]
    return " ".join(words), marks_of(words), _FORMS[number % len(_FORMS)][1]


def marks_of(words: list[str]) -> frozenset[str]:
    """The first and the last three letters of each word, plain and in upper case."""
    plain = [without_accents(word).upper() for word in words]
    return frozenset(part for word in plain for part in (word[:3], f"-{word[-3:]}"))


def account_number(country: str, serial: int) -> str:
    """An account number in the shape of an IBAN with right check digits, at a bank 0000 that does not exist.

    Source: ISO 13616, check digits by modulo 97.
    """
    basic = f"0000{serial:09d}"
    letters = "".join(str(ord(letter) - 55) for letter in country)
    return f"{country}{98 - int(f'{basic}{letters}00') % 97:02d}{basic}"
