"""The interactive elements, and which of them may stand where."""

from collections.abc import Mapping
from typing import Any

from sandbox.blockkit.composition import (
    ACTION_ID,
    CHOICE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    FOCUS_ACTIONS,
    OPTION_GROUPS,
    OVERFLOW_OPTION,
    SELECT_OPTION,
    SLACK_FILE,
    initial_among_options,
    options,
    plain,
)
from sandbox.blockkit.rules import (
    Check,
    Rule,
    Shape,
    array,
    boolean,
    exactly_one,
    integer,
    matching,
    one_of,
    string,
    url,
)

_PLACEHOLDER = plain(150)
_DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "must be a date in the format YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time in the format HH:mm")
_NUMBER = matching(r"-?\d+(\.\d+)?", "must be a number written as a string")
_IDS = array(string(255, 1))
_ID = string(255, 1)
_MAX_SELECTED = integer(1, 100)
_COMMON: Mapping[str, Rule] = {"action_id": ACTION_ID, "confirm": CONFIRM}


def _focus(check: Check, path: str, value: Any) -> None:
    boolean(check, path, value)
    if value is True:
        check.focused.append(path)


def _picker(**optional: Rule) -> Shape:
    return Shape({}, {**_COMMON, "placeholder": _PLACEHOLDER, "focus_on_load": _focus, **optional})


def _text_input(**optional: Rule) -> Shape:
    common: dict[str, Rule] = {
        "action_id": ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "focus_on_load": _focus,
        "dispatch_action_config": FOCUS_ACTIONS,
    }
    return Shape({}, {**common, **optional}, (_least_within_most, _initial_within_length))


def _least_within_most(check: Check, path: str, element: Any) -> None:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        check.object(f"{path}/min_length", "min_length must not be greater than max_length")


def _initial_within_length(check: Check, path: str, element: Any) -> None:
    initial, most = element.get("initial_value"), element.get("max_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        check.object(f"{path}/initial_value", f"must be less than {most + 1} characters")


def _static(initial: str, *, many: bool) -> Shape:
    extra: dict[str, Rule] = {"max_selected_items": _MAX_SELECTED} if many else {}
    choice: Rule = array(SELECT_OPTION, 100, 1) if many else SELECT_OPTION
    menu = {"options": options(SELECT_OPTION, 100), "option_groups": OPTION_GROUPS, initial: choice}
    optional = {**_COMMON, **extra, **menu, "placeholder": _PLACEHOLDER, "focus_on_load": _focus}
    return Shape({}, optional, (exactly_one("options", "option_groups"), initial_among_options(initial, many=many)))


def _many(**optional: Rule) -> Shape:
    return _picker(max_selected_items=_MAX_SELECTED, **optional)


def _choices(initial: str, *, many: bool) -> Shape:
    choice: Rule = array(CHOICE_OPTION, 10, 1) if many else CHOICE_OPTION
    return Shape(
        {"options": options(CHOICE_OPTION, 10)},
        {**_COMMON, initial: choice, "focus_on_load": _focus},
        (initial_among_options(initial, many=many),),
    )


IMAGE = Shape(
    {"alt_text": string(2000, 1)},
    {"image_url": url(), "slack_file": SLACK_FILE},
    (exactly_one("image_url", "slack_file"),),
)

BUTTON = Shape(
    {"text": plain(75)},
    {
        **_COMMON,
        "url": url(),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)

_conversation: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": CONVERSATION_FILTER}

SELECTS: Mapping[str, Rule] = {
    "static_select": _static("initial_option", many=False),
    "external_select": _picker(initial_option=SELECT_OPTION, min_query_length=integer(0, 300)),
    "users_select": _picker(initial_user=_ID),
    "channels_select": _picker(initial_channel=_ID, response_url_enabled=boolean),
    "conversations_select": _picker(initial_conversation=_ID, response_url_enabled=boolean, **_conversation),
}
MULTI_SELECTS: Mapping[str, Rule] = {
    "multi_static_select": _static("initial_options", many=True),
    "multi_external_select": _many(initial_options=array(SELECT_OPTION, 100, 1), min_query_length=integer(0, 300)),
    "multi_users_select": _many(initial_users=_IDS),
    "multi_channels_select": _many(initial_channels=_IDS),
    "multi_conversations_select": _many(initial_conversations=_IDS, **_conversation),
}
PICKERS: Mapping[str, Rule] = {
    "datepicker": _picker(initial_date=_DATE),
    "timepicker": _picker(initial_time=_TIME, timezone=string(255, 1)),
    "checkboxes": _choices("initial_options", many=True),
    "radio_buttons": _choices("initial_option", many=False),
}
DATETIME: Mapping[str, Rule] = {
    "datetimepicker": Shape(
        {}, {**_COMMON, "focus_on_load": _focus, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    )
}
BUTTONS: Mapping[str, Rule] = {
    "button": BUTTON,
    "overflow": Shape({"options": options(OVERFLOW_OPTION, 5, 2)}, _COMMON),
}
TEXT_INPUTS: Mapping[str, Rule] = {
    "plain_text_input": _text_input(
        initial_value=string(3000), multiline=boolean, min_length=integer(0, 3000), max_length=integer(1, 3000)
    ),
    "email_text_input": _text_input(initial_value=string(3000)),
    "url_text_input": _text_input(initial_value=string(3000)),
    "number_input": Shape(
        {"is_decimal_allowed": boolean},
        {
            "action_id": ACTION_ID,
            "placeholder": _PLACEHOLDER,
            "focus_on_load": _focus,
            "dispatch_action_config": FOCUS_ACTIONS,
            "initial_value": _NUMBER,
            "min_value": _NUMBER,
            "max_value": _NUMBER,
        },
    ),
}

IN_SECTION: Mapping[str, Rule] = {**BUTTONS, **SELECTS, **MULTI_SELECTS, **PICKERS, "image": IMAGE}
IN_ACTIONS: Mapping[str, Rule] = {**BUTTONS, **SELECTS, **MULTI_SELECTS, **PICKERS, **DATETIME}
IN_INPUT: Mapping[str, Rule] = {**TEXT_INPUTS, **SELECTS, **MULTI_SELECTS, **PICKERS, **DATETIME}
