"""`views.*`: modals and Home tabs that apps show."""

from sandbox.api.call import Answer, Call, Method, takes
from sandbox.errors import SlackError
from sandbox.model.passes import Trigger
from sandbox.model.views import View
from sandbox.viewing import checked_view, made_view, replace_view, show_home, show_stack


def _trigger(call: Call) -> Trigger:
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise SlackError("invalid_arguments", ["missing required field: trigger_id"])
    return call.workspace.triggers.use(trigger_id, call.app.id)


async def open_(call: Call) -> Answer:
    source = checked_view(call.json("view"), "modal")
    trigger = _trigger(call)
    view = made_view(call.workspace, call.app, trigger.user_id, "modal", source)
    call.workspace.views.open(view)
    show_stack(call.workspace, trigger.user_id)
    return {"view": view.as_slack()}


async def push(call: Call) -> Answer:
    source = checked_view(call.json("view"), "modal")
    trigger = _trigger(call)
    view = made_view(call.workspace, call.app, trigger.user_id, "modal", source)
    call.workspace.views.push(view)
    show_stack(call.workspace, trigger.user_id)
    return {"view": view.as_slack()}


async def update(call: Call) -> Answer:
    source = checked_view(call.json("view"), "modal")
    view = _view_named(call)
    _refuse_stale_hash(call, view)
    replace_view(call.workspace, call.app, view, source)
    return {"view": view.as_slack()}


def _refuse_stale_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")


def _view_named(call: Call) -> View:
    views = call.workspace.views
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", ["missing required field: view_id"])
    if call.text("view_id"):
        view = views.get(call.text("view_id"))
    else:
        view = views.with_external_id(call.app.id, call.text("external_id"))
    if view is None or view.app_id != call.app.id or view.kind != "modal":
        raise SlackError("not_found")
    return view


async def publish(call: Call) -> Answer:
    user_id = call.text("user_id")
    if user_id not in call.workspace.users:
        raise SlackError("invalid_arguments", ["invalid `user_id` [json-pointer:/user_id]"])
    source = checked_view(call.json("view"), "home")
    if not call.app.manifest.has_home:
        raise SlackError("not_enabled")
    view = call.workspace.views.home(call.app.id, user_id)
    if view is None:
        view = made_view(call.workspace, call.app, user_id, "home", source)
        call.workspace.views.save(view)
        show_home(call.workspace, view)
    else:
        _refuse_stale_hash(call, view)
        replace_view(call.workspace, call.app, view, source)
    return {"view": view.as_slack()}


METHODS = {
    "views.open": Method(open_, takes("trigger_id view interactivity_pointer"), tier=4),
    "views.push": Method(push, takes("trigger_id view interactivity_pointer"), tier=4),
    "views.update": Method(update, takes("view view_id external_id hash"), tier=4),
    "views.publish": Method(publish, takes("user_id view hash"), tier=4),
}
