"""A person of the workspace, driven by a program: does what the page does, through the same functions.

    lina = Hands(workspace, "U01LINA")
    await lina.command("/visit create")
    await lina.fill("Client", "ACME")
    errors = await lina.submit()

Every step returns once the app has acknowledged it, or raises what Slack would tell the person. What an app does
after its ack is waited for with `until`; or after every step, where `afterwards` returns when the app has done it all.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sandbox.blockkit.values import EXTERNAL, HOLDS, TYPED, Block, Element, Values, chosen, options_of
from sandbox.conversing import open_direct
from sandbox.errors import Refusal
from sandbox.grasp import find_field, find_pressable, one_value
from sandbox.model.apps import App
from sandbox.model.troubles import Trouble
from sandbox.model.users import User
from sandbox.people import commands, doors, modals, pressing, seeing, writing
from sandbox.people.persons import person
from sandbox.people.places import Place, forget_unfit, place
from sandbox.workspace import Workspace

Shown = dict[str, Any]
Afterwards = Callable[[], Awaitable[object]]
Found = TypeVar("Found")
AppLike = App | str | None


class Hands:
    """Acts as one person, and keeps what that person typed per view until it is submitted or closed.

    `where` is a message as `messages()` or `dms()` showed it, a view as `home()` showed it, or None for the modal on
    top. Apps are named by id, and need not be while there is only one.
    """

    def __init__(
        self, workspace: Workspace, user_id: str, *, patience: float = 5.0, afterwards: Afterwards | None = None
    ) -> None:
        self.workspace = workspace
        self.user_id = user_id
        self.patience = patience
        self._afterwards = afterwards
        self._typed: dict[str, Values] = {}
        person(workspace, user_id)

    @property
    def user(self) -> User:
        return self.workspace.users[self.user_id]

    @property
    def troubles(self) -> list[Trouble]:
        """What Slack told this person about apps that did not answer."""
        return [one for one in self.workspace.troubles if one.user_id == self.user_id]

    def messages(self, channel: str) -> list[Shown]:
        """A conversation (by id or name), oldest first, with what only this person sees."""
        return seeing.history(self.workspace, self.user_id, self._channel(channel))

    def thread(self, channel: str, ts: str) -> list[Shown]:
        return seeing.thread(self.workspace, self.user_id, self._channel(channel), ts)

    def dms(self, app: AppLike = None) -> list[Shown]:
        """The DM with an app's bot."""
        direct = self.workspace.channels.direct([self.user_id, self._app(app).bot_user_id])
        return self.messages(direct.id) if direct else []

    def ephemerals(self, channel: str) -> list[Shown]:
        """What only this person sees in a conversation."""
        return [message for message in self.messages(channel) if message.get("ephemeral")]

    def view(self) -> Shown | None:
        """The modal on top."""
        top = self.workspace.views.top(self.user_id)
        return top.as_slack() if top else None

    def home(self, app: AppLike = None) -> Shown | None:
        view = self.workspace.views.home(self._app(app).id, self.user_id)
        return view.as_slack() if view else None

    def form(self) -> Values:
        """What the top modal holds now, as `view.state.values`."""
        return self._place(None).state(self.workspace)

    async def until(self, condition: Callable[[], Found], timeout: float | None = None) -> Found:  # noqa: ASYNC109 - the waiting itself
        """Waits until something holds or is there, looking again after every change, and answers with it; fails when
        it does not come in time."""
        if not await self.workspace.feed.until(lambda: bool(condition()), timeout or self.patience):
            raise AssertionError(f"{self.user.name} waited in vain")
        return condition()

    async def command(self, text: str, channel: str | None = None) -> None:
        """Types a slash command, in the conversation given or in the first one the person is in."""
        where = self._channel(channel) if channel else self._somewhere()
        await self._step(commands.run_command(self.workspace, self.user_id, where, text))

    async def type(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Writes a message; answers with its ts once the apps have taken the event."""
        where = self._channel(channel)
        message = writing.type_message(self.workspace, self.user_id, where, text, thread_ts)
        await self._step(self.workspace.events.settled())
        return message.ts

    async def tell(self, text: str, app: AppLike = None) -> str:
        """Writes into the DM with an app."""
        channel = open_direct(self.workspace, [self.user_id, self._app(app).bot_user_id])
        return await self.type(channel.id, text)

    async def upload(self, channel: str, name: str, data: bytes) -> None:
        writing.upload(self.workspace, self.user_id, self._channel(channel), name, data)
        await self._step(self.workspace.events.settled())

    async def shortcut(self, callback_id: str, message: Shown | None = None) -> None:
        """Runs a global shortcut, or one on a message."""
        await self._step(doors.run_shortcut(self.workspace, self.user_id, callback_id, message))

    async def open_home(self, app: AppLike = None) -> None:
        doors.open_home(self.workspace, self.user_id, self._app(app).id)
        await self._step(self.workspace.events.settled())

    async def change_profile(self, **changes: str) -> None:
        """Changes locale, tz or real_name."""
        doors.change_profile(self.workspace, self.user_id, changes)
        await self._step(self.workspace.events.settled())

    async def press(
        self,
        where: Shown | None = None,
        text: str | None = None,
        *,
        action_id: str | None = None,
        value: str | None = None,
        confirm: bool = True,
        as_shown: bool = False,
    ) -> None:
        """Presses a button or an option of an overflow menu, found by what stands on it, action id or value.

        A confirm dialog is accepted; with `confirm=False` it is declined and nothing happens. `as_shown` presses what
        `where` shows even if the message changed since: a click that was under way when the change came.
        """
        spot = self._place(where)
        if as_shown and where is not None:
            spot.blocks = where["blocks"]
        found = find_pressable(spot.blocks, text=text, action_id=action_id, value=value)
        if confirm or "confirm" not in found.element:
            await self._step(pressing.act_at(self.workspace, spot, found.as_action()))

    async def choose(self, where: Shown | None, what: str, wanted: Any) -> None:
        """Chooses in a select, picker, radio group or checkboxes, called by label, block id or action id.

        Options are named by value or by what stands on them, several as a list; people and channels by id or name;
        None or an empty list clears. What stands in an input that goes with the form stays there until `submit`.
        """
        spot = self._place(where)
        block, element = find_field(spot.blocks, what)
        several = wanted if isinstance(wanted, list) else [] if wanted is None else [wanted]
        if element["type"] in EXTERNAL:
            for one in several:
                found = (block["block_id"], element["action_id"], str(one))
                await self._step(pressing.suggest_at(self.workspace, spot, *found))
        options = options_of(block, element, spot.known(self.workspace))
        values = [one_value(element, one, options, self._id_of) for one in several]
        holding = HOLDS[element["type"]]
        await self._put(spot, block, element, {holding.value: values if holding.many else (values or [None])[0]})

    async def fill(self, what: str, value: str, where: Shown | None = None) -> None:
        """Types into an input, called by label, block id or action id."""
        spot = self._place(where)
        block, element = find_field(spot.blocks, what)
        if element["type"] not in TYPED:
            raise Refusal("not_a_text_input", f"{what} is a {element['type']}: choose() is for that")
        await self._put(spot, block, element, {"value": value})

    async def submit(self) -> dict[str, str]:
        """Presses the submit button of the top modal; answers with errors by block id, empty when it was taken."""
        spot = self._place(None)
        errors = await self._step(modals.submit(self.workspace, self.user_id, spot.container, spot.values))
        if self.workspace.views.get(spot.container) is None:
            self._typed.pop(spot.container, None)
        return errors

    async def close(self, *, everything: bool = False) -> None:
        """Closes the top modal, or all of them."""
        spot = self._place(None)
        await self._step(modals.close(self.workspace, self.user_id, spot.container, spot.values, everything=everything))
        self._typed.pop(spot.container, None)

    async def _step(self, step: Awaitable[Found]) -> Found:
        """What calls the app, and all that the app does about it where that can be known."""
        came_of_it = await step
        if self._afterwards is not None:
            await self._afterwards()
        return came_of_it

    async def _put(self, spot: Place, block: Block, element: Element, value: Shown) -> None:
        """Sends a change where the element says so at once, keeps it in the form otherwise."""
        action = {"type": element["type"], **value}
        if block["type"] != "input" or block.get("dispatch_action"):
            named = {"block_id": block["block_id"], "action_id": element["action_id"]}
            await self._step(pressing.act_at(self.workspace, spot, {**named, **action}))
            return
        chosen(block, element, action, spot.known(self.workspace))
        spot.values.setdefault(block["block_id"], {})[element["action_id"]] = action

    def _place(self, where: Shown | None) -> Place:
        if where is not None and "type" in where and where["type"] == "message":
            return place(self.workspace, self.user, {"message": where})
        view_id = where["id"] if where is not None else self._top_id()
        values = self._typed.setdefault(view_id, {})
        spot = place(self.workspace, self.user, {"view": {"id": view_id}})
        spot.values = values
        forget_unfit(self.workspace, spot)
        return spot

    def _top_id(self) -> str:
        top = self.workspace.views.top(self.user_id)
        if top is None:
            raise Refusal("view_not_found", f"{self.user.name} has no modal open")
        return top.id

    def _app(self, app: AppLike) -> App:
        if isinstance(app, App):
            return app
        apps = [one for one in self.workspace.apps if app in (None, one.id)]
        if len(apps) != 1:
            raise Refusal("app_not_found", f"there are {len(apps)} apps that fit {app!r}")
        return apps[0]

    def _channel(self, channel: str) -> str:
        named = self.workspace.channels.named(channel)
        return named.id if named else channel

    def _somewhere(self) -> str:
        own = self.workspace.channels.of(self.user_id)
        if own:
            return own[0].id
        return open_direct(self.workspace, [self.user_id, self._app(None).bot_user_id]).id

    def _id_of(self, name: str) -> str:
        """A person's or channel's id, given as such or by name."""
        people = [user.id for user in self.workspace.users if name in (user.id, user.name, user.real_name)]
        channel = self.workspace.channels.named(name)
        return people[0] if people else channel.id if channel else name
