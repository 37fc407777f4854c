"""A small Bolt app about a canteen, in three languages' company, for the page to be tried on."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

BOT_TOKEN = "xoxb-canteen"
APP_TOKEN = "xapp-canteen"
Blocks = list[dict[str, Any]]

_COMMANDS = ("menu", "order", "ask", "stall", "say")
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Canteen"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Canteen"},
        "slash_commands": [{"command": f"/{name}", "description": f"The {name}"} for name in _COMMANDS],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "users:read", "im:write", "channels:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def _person(user_id: str, name: str, title: str, locale: str, tz: str) -> dict[str, str]:
    return {
        "id": user_id,
        "name": name.split()[0].lower(),
        "real_name": name,
        "title": title,
        "locale": locale,
        "tz": tz,
    }


SEED: dict[str, Any] = {
    "team": {"id": "T0CANTEEN", "name": "Lunch", "domain": "lunch"},
    "users": [
        _person("U01BEN", "Ben Walker", "Kitchen", "en-US", "America/New_York"),
        _person("U01ANA", "Ana Torres", "Compras", "es-ES", "Europe/Madrid"),
        _person("U01CHEN", "陈静", "工程部", "zh-CN", "Asia/Shanghai"),
    ],
    "apps": [
        {
            "id": "A01CANTEEN",
            "bot_user_id": "U01CANTEEN",
            "bot_id": "B01CANTEEN",
            "bot_token": BOT_TOKEN,
            "app_token": APP_TOKEN,
            "signing_secret": "secret",
            "manifest": MANIFEST,
        }
    ],
    "channels": [
        {"id": "C01KITCHEN", "name": "kitchen", "members": ["U01BEN", "U01ANA", "U01CHEN", "A01CANTEEN"]},
        {"id": "C01GARDEN", "name": "garden", "members": ["U01BEN", "U01ANA", "U01CHEN"]},
    ],
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(value: str, about: str | None = None) -> dict[str, Any]:
    return {"text": plain(value.capitalize()), "value": value, **({"description": plain(about)} if about else {})}


def field(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    block = {"type": "input", "block_id": name, "label": plain(name.capitalize()), **more}
    return block | {"element": {"action_id": name, **element}}


def question() -> Blocks:
    confirm = {
        "title": plain("Sure?"),
        "text": mrkdwn("The soup is *hot*."),
        "confirm": plain("Eat it"),
        "deny": plain("No"),
    }
    button = {"type": "button", "action_id": "eat", "text": plain("I eat"), "style": "primary", "confirm": confirm}
    text = mrkdwn("Soup at <!date^1795508400^{date_num} {time}|noon>?")
    return [
        {"type": "section", "block_id": "text", "text": text},
        {"type": "actions", "block_id": "answer", "elements": [button]},
    ]


def order_form(remark: str | None = None, *, spices: str = "") -> dict[str, Any]:
    hint = {"hint": plain(spices)} if spices else {}
    dishes = [option("soup", "With bread"), option("rice"), option("fish")]
    blocks: Blocks = [
        field("name", {"type": "plain_text_input", "max_length": 20}, hint=plain("As on the badge")),
        field(
            "dish", {"type": "static_select", "placeholder": plain("A dish"), "options": dishes}, dispatch_action=True
        ),
        field("spice", {"type": "external_select", "min_query_length": 1}, optional=True, **hint),
        field("guests", {"type": "multi_users_select"}, optional=True),
        field("day", {"type": "datepicker"}),
        field("hour", {"type": "timepicker", "timezone": "Asia/Shanghai"}),
        field("moment", {"type": "datetimepicker", "initial_date_time": 1795508400}, optional=True),
        field("drinks", {"type": "checkboxes", "options": [option("tea"), option("water")]}, optional=True),
        field(
            "size",
            {"type": "radio_buttons", "options": [option("small"), option("large")], "initial_option": option("small")},
        ),
        field("plates", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9", "initial_value": "2"}),
        field("notes", {"type": "plain_text_input", "multiline": True}, optional=True),
        {
            "type": "actions",
            "block_id": "help",
            "elements": [{"type": "button", "action_id": "rules", "text": plain("Rules")}],
        },
    ]
    if remark:
        blocks.append({"type": "context", "block_id": "remark", "elements": [mrkdwn(remark)]})
    view = {
        "type": "modal",
        "callback_id": "order",
        "title": plain("Order"),
        "submit": plain("Send"),
        "close": plain("Leave"),
    }
    return view | {"notify_on_close": True, "blocks": blocks}


RULES: dict[str, Any] = {
    "type": "modal",
    "title": plain("Rules"),
    "close": plain("Back"),
    "blocks": [{"type": "section", "text": mrkdwn("Eat *slowly*.")}],
}


class Canteen:
    """The app, and what it was told."""

    def __init__(self, api_url: str) -> None:
        self.client = AsyncWebClient(token=BOT_TOKEN, base_url=api_url)
        self.bolt = AsyncApp(client=self.client)
        self.orders: list[dict[str, Any]] = []
        self.news_of_spices = ""
        """What the form says from the next moment on at which somebody looks for a spice."""
        self.closed: asyncio.Queue[str] = asyncio.Queue()
        for name in _COMMANDS:
            self.bolt.command(f"/{name}")(getattr(self, f"on_{name}"))
        for name in ("eat", "dish", "rules"):
            self.bolt.action(name)(getattr(self, f"on_{name}"))
        self.bolt.options("spice")(self.on_spice)
        self.bolt.view("order")(self.on_submit)
        self.bolt.view_closed("order")(self.on_closed)
        self.bolt.event("app_home_opened")(self.on_home)

    async def on_menu(self, ack: Any) -> None:
        await ack("Today: *soup* & rice")

    async def on_order(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await self.client.views_open(trigger_id=body["trigger_id"], view=order_form())

    async def on_ask(self, ack: Any, command: dict[str, Any]) -> None:
        await ack()
        await self.client.chat_postMessage(channel=command["channel_id"], text="Soup?", blocks=question())

    async def on_say(self, ack: Any, command: dict[str, Any]) -> None:
        await ack()
        await self.client.chat_postMessage(channel=command["channel_id"], text=command["text"])

    async def on_stall(self) -> None:
        """Does not acknowledge."""

    async def on_eat(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        done = {"type": "context", "elements": [mrkdwn(f"<@{body['user']['id']}> eats")]}
        blocks = [question()[0], done]
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await self.client.chat_update(**where, text="Answered", blocks=blocks)

    async def on_dish(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        view = order_form(f"Good choice: *{chosen}*")
        await self.client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    async def on_rules(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await self.client.views_push(trigger_id=body["trigger_id"], view=RULES)

    async def on_spice(self, ack: Any, body: dict[str, Any], payload: dict[str, Any]) -> None:
        news, self.news_of_spices = self.news_of_spices, ""
        if news:
            await self.client.views_update(view_id=body["view"]["id"], view=order_form(spices=news))
        await ack(options=[option(one) for one in ("pepper", "paprika", "salt") if payload["value"] in one])

    async def on_submit(self, ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["name"]["name"]["value"] == "Nobody":
            await ack(response_action="errors", errors={"name": "Nobody is not a name", "day": "Closed that day"})
            return
        if values["notes"]["notes"]["value"] == "Quick":
            asked = order_form()
            asked["blocks"].insert(0, {"type": "section", "block_id": "really", "text": mrkdwn("*Really?*")})
            await ack(response_action="update", view=asked)
            return
        self.orders.append(values)
        await ack()

    async def on_closed(self, ack: Any, view: dict[str, Any]) -> None:
        await ack()
        self.closed.put_nowait(view["callback_id"])

    async def on_home(self, event: dict[str, Any]) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Your lunch")}, *question()]}
        await self.client.views_publish(user_id=event["user"], view=view)
