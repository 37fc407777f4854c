"""Buttons, menus and pickers: block actions, and the options of external selects."""

from typing import TYPE_CHECKING, Any

from sandbox.blockkit.composition import SELECT_OPTION
from sandbox.blockkit.rules import Check, array
from sandbox.blockkit.values import EXTERNAL, HOLDS, Block, Element, chosen, find, overflow_option
from sandbox.delivery.envelope import Envelope
from sandbox.errors import Refusal
from sandbox.model.troubles import Trouble
from sandbox.people.payloads import action as action_entry
from sandbox.people.payloads import interactive, with_trigger
from sandbox.people.persons import person
from sandbox.people.places import Place, described, place, response_url_of
from sandbox.people.troubles import deliver, trouble

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


async def act(workspace: "Workspace", user_id: str, where: dict[str, Any], action: dict[str, Any]) -> None:
    """Presses or changes an element that is really there, and waits for the app's ack."""
    await act_at(workspace, place(workspace, person(workspace, user_id), where), action)


async def act_at(workspace: "Workspace", spot: Place, action: dict[str, Any]) -> None:
    """The same, at a place already found."""
    user = spot.user
    block, element = find(spot.blocks, str(action.get("block_id")), str(action.get("action_id")))
    if action.get("type") not in (None, element["type"]):
        raise Refusal("no_such_element", f"{element['action_id']} is a {element['type']}")
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise Refusal("not_dispatched", f"{element['action_id']} is sent with the form only")
    value = _taken(workspace, spot, block, element, action)
    entry = action_entry(element, block["block_id"], workspace.messages.next_ts(), value)
    payload = with_trigger(workspace, spot.app, user, "block_actions")
    payload |= described(workspace, spot) | response_url_of(workspace, spot) | {"actions": [entry]}
    await deliver(workspace, spot.app, user, Envelope("interactive", payload))


def _taken(
    workspace: "Workspace", spot: Place, block: Block, element: Element, action: dict[str, Any]
) -> dict[str, Any]:
    """What was chosen, completed from the block and kept in the form."""
    kind = element["type"]
    if kind == "button":
        return {}
    if kind == "overflow":
        return {"selected_option": overflow_option(element, action)}
    name = HOLDS[kind].value
    value = chosen(block, element, action, spot.known(workspace))
    spot.values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": kind, name: value}
    return {name: value}


async def suggest(
    workspace: "Workspace", user_id: str, where: dict[str, Any], block_id: str, action_id: str, typed: str
) -> dict[str, Any]:
    """Asks the app for the options of an external select."""
    spot = place(workspace, person(workspace, user_id), where)
    return await suggest_at(workspace, spot, block_id, action_id, typed)


async def suggest_at(workspace: "Workspace", spot: Place, block_id: str, action_id: str, typed: str) -> dict[str, Any]:
    """The same, at a place already found."""
    user = spot.user
    block, element = find(spot.blocks, block_id, action_id)
    if element["type"] not in EXTERNAL:
        raise Refusal("no_such_element", f"{action_id} is a {element['type']}")
    if len(typed) < element.get("min_query_length", 3):
        return {"options": []}
    payload = interactive(workspace, spot.app, user, "block_suggestion")
    payload |= described(workspace, spot) | {"action_id": action_id, "block_id": block_id, "value": typed}
    ack = await deliver(workspace, spot.app, user, Envelope("interactive", payload))
    answer = ack.payload if isinstance(ack.payload, dict) else {}
    objection = _objection(answer)
    if objection:
        raise trouble(workspace, Trouble(user.id, "invalid_options", objection))
    groups = answer.get("option_groups") or []
    options = [one for group in groups for one in group["options"]] or answer.get("options") or []
    workspace.forms.offer(spot.container, block["block_id"], action_id, options)
    return {"option_groups": groups} if groups else {"options": options}


def _objection(answer: dict[str, Any]) -> str:
    """What is wrong with the options an app answered; empty when nothing is."""
    check = Check("options")
    if "option_groups" in answer:
        groups = answer["option_groups"]
        for index, group in enumerate(groups if isinstance(groups, list) else ()):
            options = group.get("options") if isinstance(group, dict) else None
            array(SELECT_OPTION, 100)(check, f"/option_groups/{index}/options", options)
    elif "options" in answer:
        array(SELECT_OPTION, 100)(check, "/options", answer["options"])
    else:
        return "the answer has neither options nor option_groups"
    return "; ".join(check.objections)
