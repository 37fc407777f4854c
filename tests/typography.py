"""The house's rules for wording that a machine can check: each says what is wrong with a text, or nothing."""

import re
from collections.abc import Callable, Iterator

from bot.i18n import Language, placeholders

# The longest text that fits where a context's last part says it stands; placeholders are counted on built messages.
LIMITS = {"button": 30, "title": 24, "submit": 24, "close": 24, "header": 150, "option": 75, "placeholder": 150}

# The invitation letter is set with Typst, which puts the space between Han and Latin where one belongs.
_TYPESET = {"invitation"}

Rule = Callable[[str, str], str | None]

_HAN = r"[\u3400-\u9fff]"
_PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\}")
_EMOJI = re.compile(r":[a-z0-9_+-]*[a-z][a-z0-9_+-]*:")
# What a final mark means, whatever the script.
_ENDINGS = {
    **dict.fromkeys(".。", "a full stop"),
    **dict.fromkeys("?？", "a question mark"),
    **dict.fromkeys("!！", "an exclamation mark"),
    **dict.fromkeys(":：", "a colon"),
    **dict.fromkeys(",，", "a comma"),
    "…": "an ellipsis",
}
# Values that begin or end in Han characters or in full-width marks need no space there: 「{city}时间」, 「{ahead}后」.
_HAN_VALUES_BEFORE = {"city", "zone"}
_HAN_VALUES_AFTER = {"city", "zone", "ahead", "day"}


def complaints(language: Language, context: str, source: str, text: str) -> Iterator[str]:
    """Everything that is wrong with one form of one text."""
    for rule in (_limit, _gaps, *_RULES[language]):
        if complaint := rule(context, text):
            yield complaint
    if language is not Language.ENGLISH:
        yield from _agreement(language, context, source, text)


def is_letter(context: str) -> bool:
    """Letters to guests have salutations and warmth of their own."""
    return context.partition(".")[0] == "letter"


def _agreement(language: Language, context: str, source: str, text: str) -> Iterator[str]:
    if placeholders(source) != placeholders(text):
        yield f"has the placeholders {sorted(placeholders(text))}, its source {sorted(placeholders(source))}"
    if _edges(source) != _edges(text):
        yield "does not begin or end with the same space as its source"
    wanted, got = _ENDINGS.get(source[-1:]), _ENDINGS.get(text[-1:])
    if is_letter(context) and wanted == "a comma":
        wanted = "a colon"
    if language is Language.CHINESE and wanted == "an exclamation mark" and not is_letter(context):
        wanted = "a full stop"
    if wanted != got:
        yield f"ends with {got or 'no mark'} where its source asks for {wanted or 'none'}"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _limit(context: str, text: str) -> str | None:
    limit = LIMITS.get(context.rpartition(".")[2])
    length = len(_PLACEHOLDER.sub("", text))
    return f"has {length} characters where {limit} fit" if limit and length > limit else None


def _gaps(context: str, text: str) -> str | None:
    if "..." in text:
        return "has three dots for an ellipsis"
    return "has two spaces in a row" if "  " in text else None


def _found(pattern: str, complaint: str, *, letters_too: bool = True, case: bool = False) -> Rule:
    compiled = re.compile(pattern, 0 if case else re.IGNORECASE)

    def rule(context: str, text: str) -> str | None:
        found = compiled.search(_EMOJI.sub("", text))
        return f"{complaint}: {found[0]!r}" if found and (letters_too or not is_letter(context)) else None

    return rule


def _sentence_case(context: str, text: str) -> str | None:
    """Buttons and titles: only the first word, names and abbreviations have a capital."""
    if context.rpartition(".")[2] not in {"button", "title", "header", "submit", "close"}:
        return None
    words = re.findall(r"(?<=[\w,] )[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\b(?!')", text)
    capital = [word for word in words if word not in _NAMES]
    return f"capital inside: {capital[0]!r}" if capital else None


def _spanish_pairs(context: str, text: str) -> str | None:
    for opening, closing in ("¿?", "¡!", "«»"):
        marks = "".join(mark for mark in text if mark in (opening, closing))
        if marks != (opening + closing) * (len(marks) // 2):
            return f"{opening}…{closing} are not in pairs"
    return None


def _one_please(context: str, text: str) -> str | None:
    sentences = re.split(r"[。；！？\n]", re.sub("申请|邀请|请求|请示|请假", "", text))
    return "asks twice in one sentence: 请" if any(sentence.count("请") > 1 for sentence in sentences) else None


def _han_gaps(context: str, text: str) -> str | None:
    if found := re.search(rf"{_HAN}[A-Za-z0-9]|[A-Za-z0-9%]{_HAN}", _PLACEHOLDER.sub("\0", text)):
        return f"no half-width space between Han and Latin: {found[0]!r}"
    if is_letter(context) or context in _TYPESET:
        return None
    before = (name for name in re.findall(rf"{_HAN}\{{([a-z0-9_]+)\}}", text) if name not in _HAN_VALUES_BEFORE)
    after = (name for name in re.findall(rf"\{{([a-z0-9_]+)\}}{_HAN}", text) if name not in _HAN_VALUES_AFTER)
    name = next(before, None) or next(after, None)
    return f"no half-width space between Han and {{{name}}}" if name else None


def _bold_gaps(context: str, text: str) -> str | None:
    """Slack takes a mark next to a full-width character for the character itself."""
    for found in re.finditer(r"([*_~`])(?=\S)[^*_~`\n]+?(?<=\S)\1", _PLACEHOLDER.sub("x", _EMOJI.sub("", text))):
        outside = found.string[max(found.start() - 1, 0) : found.start()] + found.string[found.end() : found.end() + 1]
        if outside.strip():
            return f"no space around {found[0]!r}"
    return None


_NAMES = {"Slack", "Visita", "Excel", "English", "Chinese", "Spanish", "Home", "Dirección", "General", "Administración"}
_TU_WORDS = (
    r"tú|tu|tus|te|ti|contigo|tuy[oa]s?|puedes|podrás|tienes|tendrás|quieres|debes|eres|estás|has|vas|"
    r"vosotr[oa]s|vuestr[oa]s?|os"
)
_TU_IMPERATIVES = (
    r"haz|ve|ven|pon|di|sal|pulsa|elige|escoge|escribe|selecciona|confirma|indica|revisa|envía|añade|agrega|cancela|"
    r"asigna|intenta|vuelve|avisa|introduce|comprueba|responde|abre|cierra|guarda|usa|lleva|llega|completa|acepta"
)
_SPANISH: tuple[Rule, ...] = (
    _spanish_pairs,
    _sentence_case,
    _found(rf"(?<!\w)(?:{_TU_WORDS})(?!\w)", "speaks to the reader as tú"),
    _found(rf"(?:^|(?<=[.:;!?»\n] )|(?<=\n))(?:{_TU_IMPERATIVES})(?!\w)", "speaks to the reader as tú"),
    _found(r"(?<!de )\b(?:bienvenid|enterad|segur)[oa]s?\b", "supposes the reader's gender"),
    _found(r"\b(?:recibir(?:le|lo|la)s?|coger)\b", "has a word that people read in two ways"),
    _found(r"\d(?:[ºª]|er|ro|do|to|ra|da|ta)(?!\w)", "writes an ordinal without its point (1.º, 1.ª)"),
    _found(r"\bh(?:s|rs)\b|\d{1,2}(?::\d\d)? ?[ap]\.? ?m\b", "writes the hour otherwise than «14:30 h»"),
    _found(r"\ba la \{(?:clock|time|start|end|\w+_time)\}", "has «a la», which most hours do not take"),
    _found(r"[\"“”]", "has quotation marks that are not «»"),
    _found(r"\s[,.;:?!](?:\s|$)", "has a space before a mark"),
    _found(r"camarad|recepcionista principal|ministerio de comercio|hoja de ejecución", "is a known calque"),
    _found(r"\blíder(?:es)?\b|\btraductor|\bitinerario|plan de recepción", "is a known calque"),
)
_CHINESE: tuple[Rule, ...] = (
    _han_gaps,
    _bold_gaps,
    _one_please,
    _found(rf"(?:{_HAN}|\}})\s*[,;:?!]|[,;:?!]\s*{_HAN}", "has a half-width mark next to Han"),
    _found(rf"{_HAN}\.|[()]\s*(?:{_HAN}|\{{)|(?:{_HAN}|\}})\s*[()]", "has a half-width mark next to Han"),
    _found(r"[!！]", "has an exclamation mark outside a letter", letters_too=False),
    _found(r"[\"']", "has straight quotation marks"),
    _found("你", "does not say 您"),
    _found(r"(?<![*_~`]) [，。；：？！（）]|[，。；：？！（）、] (?![*_~`])", "has a space next to a full-width mark"),
    _found("升级|签入|派对|驱动程序|工作膳食", "is a known calque"),
)
_ENGLISH: tuple[Rule, ...] = (
    _sentence_case,
    _found(r"\bcancell(?:ed|ing)\b", "is not spelled as in the US"),
    _found(r"\s[,.;:?!](?:\s|$)", "has a space before a mark"),
    _found(r"\bescort\b|reception plan|main receptionist|work meal|task notice|comrade", "is a known calque"),
    _found(r"[‘’“”]", "has typographic quotes, which the source language does not use"),
)
_RULES = {Language.ENGLISH: _ENGLISH, Language.SPANISH: _SPANISH, Language.CHINESE: _CHINESE}
