"""What Slack checks before it takes the blocks of a message, a modal or a Home tab."""

from typing import Any

from sandbox.blockkit.blocks import COMMON, IN_MESSAGES
from sandbox.blockkit.composition import plain
from sandbox.blockkit.rules import Check, Shape, array, boolean, by_type, string

_MESSAGE_BLOCKS = array(by_type(IN_MESSAGES), 50)
_VIEW_BLOCKS = array(by_type(COMMON), 100)
_COMMON = {"private_metadata": string(3000), "callback_id": string(255), "external_id": string(255)}

_MODAL = Shape(
    {"title": plain(24), "blocks": _VIEW_BLOCKS},
    {**_COMMON, "submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean},
)
_HOME = Shape({"blocks": _VIEW_BLOCKS}, _COMMON)
_VIEWS = {"modal": by_type({"modal": _MODAL}), "home": by_type({"home": _HOME})}


def objections_to_message(blocks: Any) -> list[str]:
    """What Slack would refuse about a message's blocks; empty when it takes them."""
    check = Check("message")
    _MESSAGE_BLOCKS(check, "/blocks", blocks)
    if isinstance(blocks, list):
        _across_blocks(check, "/blocks", blocks)
    return check.objections


def objections_to_view(view: Any, kind: str) -> list[str]:
    """The same for a view that is about to be opened as a `modal` or published as a `home`."""
    check = Check(kind)
    _VIEWS[kind](check, "/view", view)
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        _across_blocks(check, "/view/blocks", view["blocks"])
        _submit_for_inputs(check, view, kind)
    return check.objections


def _across_blocks(check: Check, path: str, blocks: list[Any]) -> None:
    seen = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if block_id and str(block_id) in seen:
            check.object(f"{path}/{index}/block_id", f"`block_id` `{block_id}` already exists")
        seen.add(str(block_id))
    for place in check.focused[1:]:
        check.object(place, "focus_on_load can be set on one element only")


def _submit_for_inputs(check: Check, view: dict[str, Any], kind: str) -> None:
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in view["blocks"])
    if kind == "modal" and has_input and "submit" not in view:
        check.object("/view", "missing required field: submit")
