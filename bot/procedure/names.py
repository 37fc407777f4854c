"""Names compared as people mean them: without case, accents, punctuation and, for companies, the legal form."""

import re
import unicodedata

_LEGAL_FORMS = (
    *("股份有限公司", "有限责任公司", "有限公司", "集团公司", "公司"),
    *("s a de c v", "s de r l", "s a u", "s l u", "s a s", "s a", "s l", "sa de cv", "sau", "slu", "sas", "sa", "sl"),
    *("sociedad anonima", "sociedad limitada", "cia ltda", "ltda", "cia", "limited", "ltd", "llc", "llp", "plc"),
    *("incorporated", "inc", "corporation", "corp", "company", "co", "gmbh co kg", "gmbh", "ag", "kg", "bv", "b v"),
    *("nv", "n v", "spa", "s p a", "srl", "s r l", "sarl", "oy", "ab", "pte", "pty", "bhd", "sdn"),
)
_BY_LENGTH = sorted(_LEGAL_FORMS, key=len, reverse=True)


def folded(text: str) -> str:
    """The text without case, accents and punctuation, words parted by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", kept)))


def folded_company(name: str) -> str:
    """How a returning client is recognized: Acme, ACME, and Acme, S.A. de C.V. are one; never empty for a name."""
    whole = folded(name) or name.strip()
    kept = whole
    while (shorter := _without_legal_form(kept)) != kept:
        kept = shorter
    return kept or whole


def _without_legal_form(name: str) -> str:
    for form in _BY_LENGTH:
        ends = name.endswith(form) if form[0] > "z" else name.endswith(f" {form}")
        if ends:
            return name[: -len(form)].strip()
    return name
