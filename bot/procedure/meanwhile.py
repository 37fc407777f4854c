"""A form that was open while others changed what it shows; pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from bot.models.forms import ClientForm, GuestForm, PartyForm, StopForm, VisitForm

Form = TypeVar("Form", ClientForm, GuestForm, PartyForm, StopForm, VisitForm)


def followed(typed: Form, seen: Form, present: Form) -> Form:
    """What was typed; of all that was left as it stood when the form was opened, what it is by now."""
    names = [field.name for field in fields(typed)]
    return replace(
        typed, **{name: _followed(getattr(typed, name), getattr(seen, name), getattr(present, name)) for name in names}
    )


def _followed(typed: Any, seen: Any, present: Any) -> Any:
    if not isinstance(typed, Mapping):
        return present if typed == seen else typed
    chosen = {name: _followed(typed.get(name), seen.get(name), present.get(name)) for name in {**present, **typed}}
    return {name: value for name, value in chosen.items() if value is not None}
