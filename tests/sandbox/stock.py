"""A Bolt for Python app as Slack's getting-started pages write them: a command, a button, a modal, a Home tab.

It knows nothing of where it runs; `listen` registers the same listeners on the asynchronous and, without the waiting,
on the threaded kind of app.
"""

from typing import Any

from slack_bolt import App
from slack_bolt.async_app import AsyncApp

GREETING: list[dict[str, Any]] = [
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "Hey there!"},
        "accessory": {
            "type": "button",
            "text": {"type": "plain_text", "text": "Click Me"},
            "action_id": "button_click",
        },
    }
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        }
    ],
}


def listen_async(app: AsyncApp) -> None:
    """Registers the listeners on an asynchronous app."""

    @app.message("hello")
    async def message_hello(message: dict[str, Any], say: Any) -> None:
        await say(blocks=GREETING, text=f"Hey there <@{message['user']}>!")

    @app.action("button_click")
    async def action_button_click(body: dict[str, Any], ack: Any, say: Any, respond: Any) -> None:
        await ack()
        await say(f"<@{body['user']['id']}> clicked the button")
        await respond(text="Pressed", replace_original=True)

    @app.command("/hello")
    async def command_hello(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack(f"You typed: {body['text']}")
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("form")
    async def view_form(ack: Any, view: dict[str, Any], client: Any, body: dict[str, Any]) -> None:
        name = view["state"]["values"]["name"]["typed"]["value"]
        if name == "nobody":
            await ack(response_action="errors", errors={"name": "That is nobody's name"})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Hello {name}")

    @app.event("app_home_opened")
    async def home_opened(event: dict[str, Any], client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": GREETING})

    @app.shortcut("hello")
    async def shortcut_hello(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)


def listen(app: App) -> None:
    """Registers the same on a threaded app."""

    @app.message("hello")
    def message_hello(message: dict[str, Any], say: Any) -> None:
        say(blocks=GREETING, text=f"Hey there <@{message['user']}>!")

    @app.action("button_click")
    def action_button_click(body: dict[str, Any], ack: Any, say: Any, respond: Any) -> None:
        ack()
        say(f"<@{body['user']['id']}> clicked the button")
        respond(text="Pressed", replace_original=True)

    @app.command("/hello")
    def command_hello(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack(f"You typed: {body['text']}")
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("form")
    def view_form(ack: Any, view: dict[str, Any], client: Any, body: dict[str, Any]) -> None:
        name = view["state"]["values"]["name"]["typed"]["value"]
        if name == "nobody":
            ack(response_action="errors", errors={"name": "That is nobody's name"})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Hello {name}")

    @app.event("app_home_opened")
    def home_opened(event: dict[str, Any], client: Any) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": GREETING})

    @app.shortcut("hello")
    def shortcut_hello(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
