"""Reading a list of guests as it was pasted: a line each, name first, in any of three languages; pure.

    Luis García, Director de Compras, VIP, alergia a los frutos secos
    王芳；总监；女；素食
    Name <tab> Title <tab> Diet        (a first line of headings says what stands where)
    张三、李四、王五                     (nothing but Chinese names in one line: each is a guest)

Nothing that looks like a passport number is taken over: those are typed where only few can see them (A5).
"""

import csv
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.models.guests import Gender
from bot.procedure.names import folded

LONGEST_LIST = 500
_HEADED_BY = 5
"""Among so many lines the headings are looked for: lists have a title of their own."""
_HEADINGS = {
    "name": "name|full name|guest|guest name|passenger|passenger name|nombre|nombre completo|nombre y apellidos"
    "|visitante|pasajero|姓名|名字|来宾|来宾姓名|旅客姓名|中文姓名",
    "title": "title|position|job title|role|cargo|puesto|职务|职位|头衔",
    "gender": "gender|sex|sexo|genero|性别",
    "diet": "diet|food|dietary needs|dietary requirements|meal|dieta|alimentacion|restricciones"
    "|饮食|饮食禁忌|饮食要求|忌口",
    "allergies": "allergy|allergies|alergia|alergias|过敏",
    "customs": "customs|ethnicity|notes|remarks|costumbres|notas|observaciones|民族|习俗|备注",
}
_HEADING_OF = {word: field for field, words in _HEADINGS.items() for word in words.split("|")}
_GENDERS = {
    Gender.MALE: "m|male|man|mr|sr|senor|d|don|hombre|masculino|h|男|先生|男性",
    Gender.FEMALE: "f|female|woman|ms|mrs|miss|sra|srta|senora|senorita|da|dna|dona|mujer|femenino|女|女士|小姐|女性",
}
_GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words.split("|")}
_HONORIFIC = re.compile(
    r"(?:(?:mrs?|ms|miss|sra?|srta|señora?|señorita|dña|don|doña)\b\.?|d\.|d\.?a\.)\s+(?!(?:and|y|&)\s)", re.IGNORECASE
)
_HONORIFIC_BEHIND = re.compile(r"\s*(先生|女士|小姐)$")
_ALLERGY = re.compile(r"allerg|al[eé]rgi|anaphyla|anafil|过敏", re.IGNORECASE)
_DIET = re.compile(
    r"vegetarian|vegano|vegana|vegan|halal|kosher|gluten|lactos|c(?:o?eliac|el[ií]ac)|diab[eé]ti|intoleran|diet[ao]?\b"
    r"|\bno (?:pork|beef|meat|seafood|alcohol|fish|shellfish|nuts|dairy|eggs?|spicy)"
    r"|\bno (?:cerdo|res|carne|mariscos|pescado|come|bebe)"
    r"|sin (?:cerdo|res|carne|mariscos|pescado|gluten|picante|alcohol)|not spicy|素食|纯素|吃素|清真|忌|无麸质|乳糖"
    r"|不(?:能|可|食)?(?:吃|喝|饮|食)|不吃|不辣|糖尿",
    re.IGNORECASE,
)
_CAR = {folded(text) for text in ("own car", "by car", "coche propio", "en coche propio", "自驾", "自驾来访")}
_VIP = {"vip", "贵宾"}
_NUMBERING = re.compile(r"^\s*(?:[-•*·–]\s+|\(?\d{1,3}\s*[.)、．）:：]\s*|\d{1,3}\s+(?=\D)|[①-⑳]\s*)")
_ABOUT_THE_LIST = re.compile(r"[:：]\s*$|^\s*(?:total\b|合计|共计|总计|共\s*\d+)", re.IGNORECASE)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}\d{6,9}|[A-Za-z]{0,2}\d{8,9}[A-Za-z]?)(?![A-Za-z0-9])")
_DATE_OF_BIRTH = re.compile(r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?")
_CONTACT = re.compile(r"<?[\w.+-]+@[\w-]+(?:\.[\w-]+)+>?|(?<!\w)\+?\(?\d(?:[\s().-]{0,2}\d){6,}(?!\w)")
"""Addresses and telephone numbers: nobody wants them in the name of a guest."""
_CHINESE_NAME = re.compile(r"^([\u4e00-\u9fff·]{2,12})\s+(.+)$")
_ONLY_A_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)+")
_IN_BRACKETS = re.compile(r"^([^()]+)\(([^()]+)\)\s*(.*)$")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Passenger:
    """One line of the list."""

    name: str
    title: str = ""
    rank: int | None = None
    gender: str = Gender.UNKNOWN
    allergies: str = ""
    diet: str = ""
    customs: str = ""
    is_vip: bool = False
    by_own_car: bool = False


@dataclass(frozen=True)
class PassengerList:
    """What was understood of a pasted list."""

    passengers: tuple[Passenger, ...]
    has_numbers: bool
    """Whether something was left out that looks like a passport number."""


def read_passengers(text: str, ranks: Mapping[str, int]) -> PassengerList:
    """Everybody on the list; a name that stands there twice counts once. `ranks`: by title, as the house has them."""
    known = {folded(title): rank for title, rank in ranks.items()}
    lines = [line for line in text.splitlines() if line.strip() and not _ABOUT_THE_LIST.search(line)]
    headed = next((n for n, line in enumerate(lines[:_HEADED_BY]) if _headings(_cells(_plain(line)))), None)
    below = lines if headed is None else lines[headed + 1 :]
    headings = [] if headed is None else _headings(_cells(_plain(lines[headed])))
    if headed is not None and _separator(_plain(lines[headed])):
        rows = [_cells(_plain(line)) for line in below]
    else:
        headings = []
        rows = [_cells(name) for line in below for name in _guests_in(_plain(_NUMBERING.sub("", line)), known)]
    has_numbers = any(_PASSPORT.search(cell) for row in rows for cell in row)
    found: dict[str, Passenger] = {}
    for row in rows[:LONGEST_LIST]:
        passenger = _by_headings(row, headings, known) if headings else _by_look(row, known)
        if passenger is not None:
            found.setdefault(folded(passenger.name), passenger)
    return PassengerList(tuple(found.values()), has_numbers)


def _headings(cells: list[str]) -> list[str]:
    """What stands in which column; empty where these are no headings."""
    named = [_HEADING_OF.get(folded(cell), "") for cell in cells]
    return named if "name" in named else []


def _plain(line: str) -> str:
    """Full-width signs as their plain ones; tabs stay, also the first, and so do wide gaps."""
    apart = re.sub(r"\u3000+|[^\S\t]{2,}", "   ", line)
    plain = "\t".join(unicodedata.normalize("NFKC", cell) for cell in apart.split("\t"))
    return plain.replace("\u060c", ",").replace("\u061b", ";").strip(" \r")


def _guests_in(line: str, ranks: Mapping[str, int]) -> list[str]:
    """A line for each guest: nearly always the line itself."""
    names = [part.strip() for part in line.split("、")]
    said = {*ranks, *_GENDER_OF, *_VIP, *_CAR}
    if len(names) > 1 and all(_ONLY_A_NAME.fullmatch(name) and not _tells(name, said) for name in names):
        return names
    return [line.replace("、", ",")]


def _tells(cell: str, said: Collection[str]) -> bool:
    """Whether it says something of a guest, and is no name."""
    return folded(cell) in said or bool(_ALLERGY.search(cell) or _DIET.search(cell))


def _separator(line: str) -> str:
    """What stands between the cells of a line; empty where nothing does for certain."""
    return next((separator for separator in ("\t", ";", "|", ",", " / ", "   ") if separator in line), "")


def _cells(line: str) -> list[str]:
    """A line at its separator: a tab, else a semicolon, else a comma, else a dash, brackets, or the end of the name."""
    separator = _separator(line)
    if separator:
        return [cell.strip() for cell in _split(line, separator)]
    for pattern in (re.compile(r"^(.+?)\s+[-–—]\s+(.+)$"), _IN_BRACKETS):
        if match := pattern.match(line):
            return [cell.strip() for cell in match.groups() if cell.strip()]
    if match := _CHINESE_NAME.match(line):
        return [match[1], *match[2].split()]
    return [line]


def _split(line: str, separator: str) -> list[str]:
    """At the separator, but not within quotation marks, as spreadsheets write them."""
    if '"' not in line or len(separator) > 1:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])


def _clean(cell: str) -> str:
    """A cell without passport numbers, dates of birth, addresses and telephone numbers."""
    for pattern in (_DATE_OF_BIRTH, _CONTACT, _PASSPORT):
        cell = pattern.sub(" ", cell)
    return " ".join(cell.split())


def _named(cell: str) -> tuple[str, str]:
    """A name without its form of address, and the gender that this tells."""
    name, gender = _clean(cell), Gender.UNKNOWN
    while match := _HONORIFIC.match(name):  # Sr. D. Luis García
        gender, name = _GENDER_OF.get(folded(match[0]), gender), name[match.end() :]
    if match := _HONORIFIC_BEHIND.search(name):
        gender, name = _GENDER_OF[match[1]], name[: match.start()]
    name = name.strip(" ,;:-–—")[:120]
    return (name, gender) if _LETTER.search(name) else ("", gender)


def _by_headings(row: list[str], headings: list[str], ranks: Mapping[str, int]) -> Passenger | None:
    cells = {field: _clean(cell) for field, cell in zip(headings, row, strict=False) if field}
    name, gender = _named(cells.get("name", ""))
    if not name:
        return None
    title = cells.get("title", "")
    return Passenger(
        name=name,
        title=title[:120],
        rank=ranks.get(folded(title)),
        gender=_GENDER_OF.get(folded(cells.get("gender", "")), gender),
        allergies=cells.get("allergies", "")[:300],
        diet=cells.get("diet", "")[:300],
        customs=cells.get("customs", "")[:300],
    )


def _by_look(row: list[str], ranks: Mapping[str, int]) -> Passenger | None:
    """The name is what stands first; what each further cell is, its own words tell."""
    name, gender = _named(row[0])
    if not name:
        return None
    found: dict[str, list[str]] = {"title": [], "allergies": [], "diet": [], "customs": []}
    is_vip = by_own_car = False
    for cell in filter(None, map(_clean, row[1:])):
        plain = folded(cell)
        if plain in _GENDER_OF:
            gender = _GENDER_OF[plain]
        elif plain in _VIP:
            is_vip = True
        elif plain in _CAR:
            by_own_car = True
        else:
            kind = "allergies" if _ALLERGY.search(cell) else "diet" if _DIET.search(cell) else "title"
            found["customs" if kind == "title" and found["title"] else kind].append(cell)
    texts = {field: "; ".join(cells)[:300] for field, cells in found.items()}
    return Passenger(
        name=name,
        title=texts["title"][:120],
        rank=ranks.get(folded(texts["title"])),
        gender=gender,
        allergies=texts["allergies"],
        diet=texts["diet"],
        customs=texts["customs"],
        is_vip=is_vip,
        by_own_car=by_own_car,
    )
