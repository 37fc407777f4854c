"""The verbs of modals and Home tabs: what is accepted, and who sees it change."""

import json
from typing import TYPE_CHECKING, Any, Literal

from sandbox.blockkit.surfaces import objections_to_view
from sandbox.errors import SlackError
from sandbox.model.apps import App
from sandbox.model.views import Source, View, new_hash, new_view

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

_SIZE_LIMIT = 250_000


def checked_view(given: Any, kind: Literal["modal", "home"]) -> Source:
    """A valid view; refuses the others, pointing at what is wrong."""
    if not isinstance(given, dict):
        raise SlackError("invalid_arguments", ["missing required field: view"])
    objections = objections_to_view(given, kind)
    if objections:
        raise SlackError("invalid_arguments", objections)
    if len(json.dumps(given)) > _SIZE_LIMIT:
        raise SlackError("view_too_large")
    return given


def made_view(workspace: "Workspace", app: App, user_id: str, kind: Literal["modal", "home"], source: Source) -> View:
    """A new view of an app for a person, not shown yet."""
    refuse_taken_external_id(workspace, app, source, None)
    return new_view(
        kind,
        source,
        app_id=app.id,
        user_id=user_id,
        bot_id=app.bot_id,
        team_id=workspace.team.id,
        hash=new_hash(workspace.now_seconds()),
    )


def refuse_taken_external_id(workspace: "Workspace", app: App, source: Source, holder: View | None) -> None:
    external_id = source.get("external_id")
    taken = workspace.views.with_external_id(app.id, external_id) if external_id else None
    if taken is not None and taken is not holder:
        raise SlackError("duplicate_external_id")


def replace_view(workspace: "Workspace", app: App, view: View, source: Source) -> None:
    """Gives an open view or a Home tab new content and shows it."""
    refuse_taken_external_id(workspace, app, source, view)
    workspace.views.replace(view, source, new_hash(workspace.now_seconds()))
    if view.kind == "home":
        show_home(workspace, view)
    else:
        show_stack(workspace, view.user_id)


def show_stack(workspace: "Workspace", user_id: str, errors: dict[str, str] | None = None) -> None:
    """Shows a person the modals as they are now."""
    views = [view.as_slack() for view in workspace.views.stack(user_id)]
    workspace.feed.tell([user_id], {"type": "views", "views": views, "errors": errors})


def show_home(workspace: "Workspace", view: View) -> None:
    workspace.feed.tell([view.user_id], {"type": "home", "app": view.app_id, "view": view.as_slack()})
