"""The small objects that blocks and elements are made of: texts, options, confirm dialogs."""

from typing import Any

from sandbox.blockkit.rules import (
    Check,
    Rule,
    Shape,
    array,
    boolean,
    by_type,
    distinct,
    exactly_one,
    one_of,
    string,
    url,
)

ACTION_ID = string(255)


def plain(most: int, least: int = 1) -> Rule:
    """A `plain_text` object."""
    return by_type({"plain_text": Shape({"text": string(most, least)}, {"emoji": boolean})})


def text(most: int, least: int = 1) -> Rule:
    """A text object, plain or mrkdwn."""
    return by_type(
        {
            "plain_text": Shape({"text": string(most, least)}, {"emoji": boolean}),
            "mrkdwn": Shape({"text": string(most, least)}, {"verbatim": boolean}),
        }
    )


CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

FOCUS_ACTIONS = Shape({"trigger_actions_on": distinct("on_enter_pressed", "on_character_entered")})

CONVERSATION_FILTER = Shape(
    {},
    {
        "include": distinct("im", "mpim", "private", "public"),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)

SLACK_FILE = Shape({}, {"id": string(255, 1), "url": url()}, (exactly_one("id", "url"),))


def option(text_rule: Rule) -> Shape:
    return Shape({"text": text_rule, "value": string(150, 1)}, {"description": _DESCRIPTION})


_DESCRIPTION = text(75)
SELECT_OPTION = Shape({"text": plain(75), "value": string(150, 1)}, {"description": plain(75)})
CHOICE_OPTION = option(text(75))
OVERFLOW_OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url()})


def options(option_rule: Rule, most: int, least: int = 1) -> Rule:
    each = array(option_rule, most, least)

    def rule(check: Check, path: str, value: Any) -> None:
        each(check, path, value)
        _refuse_repeated(check, path, value)

    return rule


OPTION_GROUPS = array(Shape({"label": plain(75), "options": options(SELECT_OPTION, 100)}), 100, 1)


def _refuse_repeated(check: Check, path: str, given: Any) -> None:
    seen = set()
    for index, one in enumerate(given if isinstance(given, list) else ()):
        value = one.get("value") if isinstance(one, dict) else None
        if value is not None and str(value) in seen:
            check.object(f"{path}/{index}/value", f"option value `{value}` is not unique")
        seen.add(str(value))


def offered(element: dict[str, Any]) -> list[Any]:
    """All options an element holds itself, those of its groups included."""
    found = list(element.get("options") or ())
    for group in element.get("option_groups") or ():
        if isinstance(group, dict):
            found.extend(group.get("options") or ())
    return found


def initial_among_options(name: str, *, many: bool = False) -> Rule:
    """Slack wants the initial choice to be one of the options, to the letter."""

    def rule(check: Check, path: str, element: Any) -> None:
        if name not in element:
            return
        chosen = element[name] if many else [element[name]]
        if not isinstance(chosen, list):
            check.object(f"{path}/{name}", "must provide an array")
            return
        choices = [_essence(choice) for choice in offered(element)]
        for index, one in enumerate(chosen):
            if _essence(one) not in choices:
                place = f"{path}/{name}/{index}" if many else f"{path}/{name}"
                check.object(place, "must be one of the provided options")

    return rule


def _essence(choice: Any) -> Any:
    """An option without what Slack fills in by itself."""
    if not isinstance(choice, dict):
        return choice
    shown = choice.get("text")
    said = (shown.get("type"), shown.get("text")) if isinstance(shown, dict) else shown
    return choice.get("value"), said
