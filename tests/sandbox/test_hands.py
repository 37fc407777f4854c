"""Hands refuse what a person could not do, and keep what a person typed."""

from typing import Any

import pytest

from sandbox.errors import Refusal
from sandbox.hands import Hands
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.bare_app import answering, bare_app
from tests.sandbox.standins import actions, button, field, modal, mrkdwn, option, plain, section, select, text_input


async def open_modal(workspace: Workspace, client: Any, *blocks: dict[str, Any]) -> str:
    trigger_id = workspace.triggers.issue("A01TRYOUT", "U01ANA")
    opened = await client.views_open(trigger_id=trigger_id, view=modal(*blocks))
    return str(opened["view"]["id"])


async def ask(client: Any, *blocks: dict[str, Any]) -> None:
    await client.chat_postMessage(channel="U01ANA", text="?", blocks=list(blocks))


async def test_what_is_not_there_is_refused_with_what_there_is(client: Any, ana: Hands) -> None:
    await ask(client, actions(button("Confirm", "confirm", value="7"), button("I can't", "decline")))
    with pytest.raises(
        Refusal, match=r"nothing matches 'Go'.*'Confirm' \(confirm, '7'\).*\"I can't\" \(decline, None\)"
    ):
        await ana.press(ana.dms()[0], "Go")
    with pytest.raises(Refusal, match="no_such_element"):
        await ana.choose(ana.dms()[0], "Colour", "red")


async def test_two_buttons_alike_have_to_be_told_apart(serving: Serving, client: Any, ana: Hands) -> None:
    await ask(client, actions(button("Take", "take", value="1")), actions(button("Take", "take", value="2")))
    async with bare_app(serving) as app, answering(app):
        with pytest.raises(Refusal, match="several things match"):
            await ana.press(ana.dms()[0], "Take")
        await ana.press(ana.dms()[0], "Take", value="2")
    sent = ana.workspace.record.deliveries_of("interactive")[0].payload
    assert sent["actions"][0]["value"] == "2"


async def test_a_confirm_dialog_is_accepted_or_declined(serving: Serving, client: Any, ana: Hands) -> None:
    dialog = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
    await ask(client, actions(button("Cancel", confirm=dialog)))
    async with bare_app(serving) as app, answering(app):
        await ana.press(ana.dms()[0], "Cancel", confirm=False)
        assert ana.workspace.record.deliveries_of("interactive") == []
        await ana.press(ana.dms()[0], "Cancel")
    assert len(ana.workspace.record.deliveries_of("interactive")) == 1


async def test_an_overflow_option_is_pressed_like_a_button(serving: Serving, client: Any, ana: Hands) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("Edit"), option("Cancel")]}
    await ask(client, section("visit", accessory=menu))
    async with bare_app(serving) as app, answering(app):
        await ana.press(ana.dms()[0], "Edit")
    (action,) = ana.workspace.record.deliveries_of("interactive")[0].payload["actions"]
    assert action["selected_option"]["value"] == "edit"


async def test_a_click_under_way_when_the_message_changed(serving: Serving, client: Any, ana: Hands) -> None:
    await ask(client, actions(button("Confirm", "confirm")))
    seen = ana.dms()[0]
    await client.chat_update(channel=seen["channel"], ts=seen["ts"], text="gone", blocks=[section("gone")])
    async with bare_app(serving) as app, answering(app):
        with pytest.raises(Refusal, match="nothing"):
            await ana.press(seen, "Confirm")
        await ana.press(seen, "Confirm", as_shown=True)
    sent = ana.workspace.record.deliveries_of("interactive")[0].payload
    assert sent["actions"][0]["action_id"] == "confirm"
    assert sent["message"]["text"] == "gone"


async def test_what_was_typed_stays_through_an_update_of_the_view(
    workspace: Workspace, client: Any, serving: Serving, ana: Hands
) -> None:
    name, colour = field(text_input(), "Name", block_id="name"), field(select("Red", "Blue"), "Colour", block_id="c")
    view_id = await open_modal(workspace, client, name, colour)
    await ana.fill("Name", "ACME")
    await ana.choose(None, "Colour", "Blue")
    narrowed = field(select("Red"), "Colour", block_id="c", optional=True)
    await client.views_update(view_id=view_id, view=modal(section("new"), name, narrowed))
    assert ana.form() == {
        "name": {"typed": {"type": "plain_text_input", "value": "ACME"}},
        "c": {"pick": {"type": "static_select", "selected_option": None}},
    }
    async with bare_app(serving) as app, answering(app):
        assert await ana.submit() == {}


async def test_no_more_than_the_field_takes_and_only_what_is_on_offer(
    workspace: Workspace, client: Any, ana: Hands
) -> None:
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option("A"), option("B")]}
    people = {"type": "multi_users_select", "action_id": "people", "max_selected_items": 1}
    await open_modal(
        workspace,
        client,
        field(text_input(max_length=3), "Code"),
        field(boxes, "Boxes", block_id="boxes"),
        field(people, "People", block_id="people"),
        field({"type": "datepicker", "action_id": "day"}, "Day", block_id="day"),
    )
    with pytest.raises(Refusal, match="too_long"):
        await ana.fill("Code", "1234")
    with pytest.raises(Refusal, match="no_such_option"):
        await ana.choose(None, "Boxes", ["A", "C"])
    with pytest.raises(Refusal, match="too_many_selected"):
        await ana.choose(None, "People", ["ben", "chen"])
    with pytest.raises(Refusal, match="no_such_option"):
        await ana.choose(None, "People", "nobody")
    with pytest.raises(Refusal, match="invalid_value"):
        await ana.choose(None, "Day", "2026-02-30")
    with pytest.raises(Refusal, match="not_a_text_input"):
        await ana.fill("Boxes", "A")
    await ana.choose(None, "Boxes", ["A", "B"])
    await ana.choose(None, "People", "Ben Walker")
    await ana.choose(None, "Day", "2026-02-28")
    assert [one["value"] for one in ana.form()["boxes"]["boxes"]["selected_options"]] == ["a", "b"]
    assert ana.form()["people"]["people"]["selected_users"] == ["U01BEN"]


async def test_a_dispatching_input_tells_the_app_at_once(
    workspace: Workspace, client: Any, serving: Serving, ana: Hands
) -> None:
    await open_modal(workspace, client, field(select("Red", "Blue"), "Colour", block_id="c", dispatch_action=True))
    async with bare_app(serving) as app, answering(app):
        await ana.choose(None, "Colour", "Red")
    payload = workspace.record.deliveries_of("interactive")[0].payload
    assert payload["actions"][0]["selected_option"]["value"] == "red"
    assert payload["view"]["state"]["values"]["c"]["pick"]["selected_option"]["value"] == "red"
    assert ana.form()["c"]["pick"]["selected_option"]["value"] == "red"


async def test_only_the_top_modal_is_in_reach(workspace: Workspace, client: Any, ana: Hands) -> None:
    await open_modal(workspace, client, section(accessory=button("Below")))
    below = ana.view()
    await client.views_push(trigger_id=workspace.triggers.issue("A01TRYOUT", "U01ANA"), view=modal())
    with pytest.raises(Refusal, match="view_not_on_top"):
        await ana.press(below, "Below")
    with pytest.raises(Refusal, match="view_not_found"):
        await Hands(workspace, "U01BEN").submit()


async def test_waiting_in_vain_says_who_waited(ana: Hands) -> None:
    with pytest.raises(AssertionError, match="ana waited in vain"):
        await ana.until(lambda: False, timeout=0.01)
