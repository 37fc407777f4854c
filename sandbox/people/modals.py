"""Modals: submitting and closing."""

from typing import TYPE_CHECKING, Any

from sandbox.blockkit.required import faults_of_form
from sandbox.blockkit.values import Values
from sandbox.delivery.envelope import Envelope
from sandbox.errors import Refusal, SlackError
from sandbox.model.troubles import Trouble
from sandbox.model.users import User
from sandbox.model.views import View
from sandbox.people.payloads import interactive, response_url, with_trigger
from sandbox.people.persons import person
from sandbox.people.places import Place, view_place
from sandbox.people.troubles import deliver, trouble
from sandbox.phrases import phrase
from sandbox.viewing import checked_view, made_view, replace_view, show_stack

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Errors = dict[str, str]


async def submit(workspace: "Workspace", user_id: str, view_id: str, values: Values) -> Errors:
    """Presses the submit button; answers with errors by block id, empty when the form was taken."""
    user = person(workspace, user_id)
    spot = view_place(workspace, user, view_id, values)
    view = spot.view
    if view is None or view.kind != "modal" or not view.source.get("submit"):
        raise Refusal("not_submittable", "this view has no submit button")
    state = spot.state(workspace)
    errors = faults_of_form(view.blocks, state, user.locale)
    if errors:
        return errors
    view.values = state
    payload = with_trigger(workspace, spot.app, user, "view_submission")
    payload |= {"view": view.as_slack(), "response_urls": _response_urls(workspace, spot)}
    ack = await deliver(workspace, spot.app, user, Envelope("interactive", payload))
    return _answered(workspace, spot, view, ack.payload)


def _response_urls(workspace: "Workspace", spot: Place) -> list[dict[str, str]]:
    """One for each select that a view marked with `response_url_enabled`."""
    urls = []
    for block in spot.blocks:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        held = spot.state(workspace)[block["block_id"]][element["action_id"]]
        channel_id = held.get("selected_conversation") or held.get("selected_channel")
        if channel_id:
            url = response_url(workspace, spot.app, spot.user, workspace.channels[channel_id])
            named = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel_id}
            urls.append({**named, "response_url": url})
    return urls


def _answered(workspace: "Workspace", spot: Place, view: View, payload: Any) -> Errors:
    """Does what the app's answer says: nothing said closes the view. A view closed meanwhile takes no answer."""
    if workspace.views.get(view.id) is None:
        return {}
    answer = payload if isinstance(payload, dict) else {}
    try:
        return _obey(workspace, spot, view, answer)
    except SlackError as error:
        said = f"{phrase('trouble', spot.user.locale)} ({error.code} {'; '.join(error.messages)})"
        raise trouble(workspace, Trouble(spot.user.id, error.code, said)) from error


def _obey(workspace: "Workspace", spot: Place, view: View, answer: dict[str, Any]) -> Errors:
    user = spot.user
    match answer.get("response_action"):
        case None:
            if workspace.views.top(user.id) is view:
                workspace.views.close_top(user.id)
            show_stack(workspace, user.id)
        case "clear":
            workspace.views.close_all(user.id)
            show_stack(workspace, user.id)
        case "errors":
            return _errors(workspace, view, answer.get("errors"))
        case "update":
            replace_view(workspace, spot.app, view, checked_view(answer.get("view"), "modal"))
        case "push":
            source = checked_view(answer.get("view"), "modal")
            workspace.views.push(made_view(workspace, spot.app, user.id, "modal", source))
            show_stack(workspace, user.id)
        case other:
            raise SlackError("invalid_response_action", [f"unknown response_action: {other}"])
    return {}


def _errors(workspace: "Workspace", view: View, errors: Any) -> Errors:
    """Errors at the fields; Slack refuses those at blocks that are no inputs of this view."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors", ["errors must name at least one block"])
    unknown = sorted(str(one) for one in errors.keys() - inputs)
    if unknown:
        raise SlackError("invalid_errors", [f"no input block has the block_id {one}" for one in unknown])
    told = {block_id: str(text) for block_id, text in errors.items()}
    show_stack(workspace, view.user_id, told)
    return told


async def close(
    workspace: "Workspace", user_id: str, view_id: str, values: Values | None = None, *, everything: bool = False
) -> None:
    """Closes the top modal, or the whole stack; apps that asked for it are told."""
    user = person(workspace, user_id)
    spot = view_place(workspace, user, view_id, values or {})
    if spot.view is None or spot.view.kind != "modal":
        raise Refusal("view_not_found", "only modals can be closed", status=404)
    spot.view.values = spot.state(workspace)
    cleared = everything or bool(spot.view.source.get("clear_on_close"))
    closed = workspace.views.stack(user.id)[::-1] if cleared else [spot.view]
    told = [(view, view.as_slack()) for view in closed if view.source.get("notify_on_close")]
    if cleared:
        workspace.views.close_all(user.id)
    else:
        workspace.views.close_top(user.id)
    show_stack(workspace, user.id)
    for view, shown in told:
        await _tell_closed(workspace, user, view, shown, cleared=cleared)


async def _tell_closed(workspace: "Workspace", user: User, view: View, shown: dict[str, Any], *, cleared: bool) -> None:
    app = workspace.apps[view.app_id]
    payload = interactive(workspace, app, user, "view_closed") | {"view": shown, "is_cleared": cleared}
    await deliver(workspace, app, user, Envelope("interactive", payload, wants_payload=False))
