"""What Slack's own form says before it lets a person submit: fields left empty, text too short, no number."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sandbox.blockkit.values import HOLDS, Block, Element, Values, is_empty
from sandbox.phrases import phrase


def faults_of_form(blocks: list[Block], values: Values, locale: str) -> dict[str, str]:
    """By block id what has to be put right first, in the person's language; empty when the form may go."""
    found = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]].get(HOLDS[element["type"]].value)
        complaint = _complaint(block, element, value)
        if complaint is not None:
            name, number = complaint
            found[block["block_id"]] = phrase(name, locale, n=number)
    return found


def _complaint(block: Block, element: Element, value: Any) -> tuple[str, Any] | None:
    if is_empty(value):
        return None if block.get("optional") else ("required", None)
    match element["type"]:
        case "plain_text_input" if len(value) < element.get("min_length", 0):
            return "too_short", element["min_length"]
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return "email", None
        case "url_text_input" if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
            return "url", None
        case "number_input":
            return _number_complaint(element, value)
    return None


def _number_complaint(element: Element, value: str) -> tuple[str, Any] | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "number", None
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "whole_number", None
    if "min_value" in element and number < Decimal(element["min_value"]):
        return "at_least", element["min_value"]
    if "max_value" in element and number > Decimal(element["max_value"]):
        return "at_most", element["max_value"]
    return None
