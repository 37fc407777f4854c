"""Reading a list of guests as it was pasted: a line each, name first, in any of three languages; pure.

    Luis García, Director de Compras, VIP, alergia a los frutos secos
    王芳；总监；女；素食
    Name <tab> Title <tab> Diet        (a first line of headings says what stands where)

Nothing that looks like a passport number is taken over: those are typed where only few can see them (A5).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.models.guests import Gender
from bot.procedure.names import folded

LONGEST_LIST = 500
_HEADINGS = {
    "name": "name|full name|guest|passenger|nombre|nombre completo|nombre y apellidos|visitante|姓名|名字|来宾",
    "title": "title|position|job title|role|cargo|puesto|职务|职位|头衔",
    "gender": "gender|sex|sexo|genero|性别",
    "diet": "diet|food|dietary needs|meal|dieta|alimentacion|restricciones|饮食|饮食禁忌|忌口",
    "allergies": "allergy|allergies|alergia|alergias|过敏",
    "customs": "customs|ethnicity|notes|remarks|costumbres|notas|observaciones|民族|习俗|备注",
}
_HEADING_OF = {word: field for field, words in _HEADINGS.items() for word in words.split("|")}
_GENDERS = {
    Gender.MALE: "m|male|man|mr|sr|senor|don|hombre|masculino|h|男|先生|男性",
    Gender.FEMALE: "f|female|woman|ms|mrs|miss|sra|srta|senora|senorita|dona|mujer|femenino|女|女士|小姐|女性",
}
_GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words.split("|")}
_HONORIFIC = re.compile(r"(?:mrs?|ms|miss|sra?|srta|señora?|señorita|don|doña)\b\.?\s+", re.IGNORECASE)
_HONORIFIC_BEHIND = re.compile(r"\s*(先生|女士|小姐)$")
_ALLERGY = re.compile(r"allerg|al[eé]rgi|过敏", re.IGNORECASE)
_DIET = re.compile(
    r"vegetarian|vegano|vegana|vegan|halal|kosher|no (?:pork|beef|seafood|alcohol|fish|shellfish)|gluten|lactos"
    r"|sin (?:cerdo|res|mariscos|pescado|gluten|picante|alcohol)|not spicy|素食|纯素|吃素|清真|忌|不吃|不喝|不饮",
    re.IGNORECASE,
)
_CAR = {folded(text) for text in ("own car", "by car", "coche propio", "en coche propio", "自驾", "自驾来访")}
_VIP = {"vip", "贵宾"}
_NUMBERING = re.compile(r"^\s*(?:[-•*·–]\s+|\(?\d{1,3}\s*[.)、）:]\s*|\d{1,3}\t|[①-⑳]\s*)")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}\d{6,9}|[A-Za-z]{0,2}\d{8,9}[A-Za-z]?)(?![A-Za-z0-9])")
_DATE_OF_BIRTH = re.compile(r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?")
_CHINESE_NAME = re.compile(r"^([\u4e00-\u9fff·]{2,12})\s+(.+)$")
_IN_BRACKETS = re.compile(r"^([^()]+)\(([^()]+)\)\s*(.*)$")


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
    lines = [_plain(_NUMBERING.sub("", line)) for line in text.splitlines()]
    rows = [_cells(line) for line in lines if line.strip()]
    has_numbers = any(_PASSPORT.search(cell) for row in rows for cell in row)
    headings = [_HEADING_OF.get(folded(cell), "") for cell in rows[0]] if rows else []
    if "name" not in headings:
        headings = []
    known = {folded(title): rank for title, rank in ranks.items()}
    found: dict[str, Passenger] = {}
    for row in rows[1 if headings else 0 : LONGEST_LIST + 1]:
        passenger = _by_headings(row, headings, known) if headings else _by_look(row, known)
        if passenger is not None:
            found.setdefault(folded(passenger.name), passenger)
    return PassengerList(tuple(found.values()), has_numbers)


def _plain(line: str) -> str:
    """Full-width signs as their plain ones; tabs stay, also the first."""
    return "\t".join(unicodedata.normalize("NFKC", cell) for cell in line.split("\t")).replace("、", ",").strip(" ")


def _cells(line: str) -> list[str]:
    """A line at its separator: a tab, else a semicolon, else a comma, else a dash, brackets, or the end of the name."""
    for separator in ("\t", ";", "|", ","):
        if separator in line:
            return [cell.strip() for cell in line.split(separator)]
    for pattern in (re.compile(r"^(.+?)\s+[-–—]\s+(.+)$"), _IN_BRACKETS, _CHINESE_NAME):
        if match := pattern.match(line):
            return [cell.strip() for cell in match.groups() if cell.strip()]
    return [line]


def _clean(cell: str) -> str:
    """A cell without passport numbers and dates of birth."""
    return " ".join(_DATE_OF_BIRTH.sub(" ", _PASSPORT.sub(" ", cell)).split())


def _named(cell: str) -> tuple[str, str]:
    """A name without its form of address, and the gender that this tells."""
    name, gender = _clean(cell), Gender.UNKNOWN
    if match := _HONORIFIC.match(name):
        gender, name = _GENDER_OF.get(folded(match[0]), Gender.UNKNOWN), name[match.end() :]
    elif match := _HONORIFIC_BEHIND.search(name):
        gender, name = _GENDER_OF[match[1]], name[: match.start()]
    return name.strip()[:120], gender


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
