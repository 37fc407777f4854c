"""Languages: one Translator per recipient, text that is safe for Slack, and the catalogs behind both."""

from bot.i18n.catalogs import CatalogError, Catalogs
from bot.i18n.languages import Language, language_of
from bot.i18n.mrkdwn import Mrkdwn, as_mrkdwn, as_plain, bold, channel_link, escape, join, mention, strike
from bot.i18n.texts import ParameterError, RichTexts, placeholders
from bot.i18n.translator import Translator, own_name

__all__ = [
    "CatalogError",
    "Catalogs",
    "Language",
    "Mrkdwn",
    "ParameterError",
    "RichTexts",
    "Translator",
    "as_mrkdwn",
    "as_plain",
    "bold",
    "channel_link",
    "escape",
    "join",
    "language_of",
    "mention",
    "own_name",
    "placeholders",
    "strike",
]
