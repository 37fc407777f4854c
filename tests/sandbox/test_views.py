"""Modals and Home tabs through the Web API."""

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.workspace import Workspace
from tests.sandbox.standins import code, home, modal, plain, refusal, section


def trigger(workspace: Workspace) -> str:
    return workspace.triggers.issue("A01TRYOUT", "U01ANA")


async def test_views_stack_up_to_three(client: AsyncWebClient, workspace: Workspace, ana: Hands) -> None:
    assert await code(client.views_push(trigger_id=trigger(workspace), view=modal())) == "not_found"
    first = (await client.views_open(trigger_id=trigger(workspace), view=modal()))["view"]
    second = (await client.views_push(trigger_id=trigger(workspace), view=modal()))["view"]
    third = (await client.views_push(trigger_id=trigger(workspace), view=modal()))["view"]
    assert (first["previous_view_id"], first["root_view_id"]) == (None, first["id"])
    assert (third["previous_view_id"], third["root_view_id"]) == (second["id"], first["id"])
    assert await code(client.views_push(trigger_id=trigger(workspace), view=modal())) == "push_limit_reached"


async def test_an_update_checks_the_hash_and_gives_a_new_one(
    client: AsyncWebClient, workspace: Workspace, ana: Hands
) -> None:
    view = (await client.views_open(trigger_id=trigger(workspace), view=modal(section("one"))))["view"]
    updated = await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("two")))
    assert updated["view"]["hash"] != view["hash"]
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("three")))
    assert await code(stale) == "hash_conflict"
    shown = ana.view()
    assert shown is not None
    assert shown["blocks"][0]["text"]["text"] == "two"


async def test_views_are_found_by_an_external_id_that_must_be_unique(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    await client.views_open(trigger_id=trigger(workspace), view=modal(external_id="form"))
    again = client.views_push(trigger_id=trigger(workspace), view=modal(external_id="form"))
    assert await code(again) == "duplicate_external_id"
    renewed = modal(section(), external_id="form")
    assert (await client.views_update(external_id="form", view=renewed))["ok"]
    assert await code(client.views_update(external_id="other", view=modal())) == "not_found"


async def test_a_closed_view_cannot_be_updated(client: AsyncWebClient, workspace: Workspace, ana: Hands) -> None:
    view = (await client.views_open(trigger_id=trigger(workspace), view=modal()))["view"]
    await ana.close()
    assert await code(client.views_update(view_id=view["id"], view=modal())) == "not_found"


async def test_invalid_views_are_pointed_at_and_cost_no_trigger(client: AsyncWebClient, workspace: Workspace) -> None:
    trigger_id = trigger(workspace)
    answer = await refusal(client.views_open(trigger_id=trigger_id, view=modal(title=plain("x" * 25))))
    assert answer["error"] == "invalid_arguments"
    pointed = "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    assert answer["response_metadata"]["messages"] == [pointed]
    assert (await client.views_open(trigger_id=trigger_id, view=modal()))["ok"]


async def test_a_home_tab_is_published_for_one_person(
    client: AsyncWebClient, workspace: Workspace, ana: Hands, ben: Hands
) -> None:
    view = (await client.views_publish(user_id="U01ANA", view=home(section("Today"))))["view"]
    shown = ana.home()
    assert shown is not None
    assert shown["blocks"][0]["text"]["text"] == "Today"
    assert ben.home() is None
    await client.views_publish(user_id="U01ANA", view=home(section("Tomorrow")), hash=view["hash"])
    stale = client.views_publish(user_id="U01ANA", view=home(), hash=view["hash"])
    assert await code(stale) == "hash_conflict"
    assert await code(client.views_publish(user_id="U404", view=home())) == "invalid_arguments"


async def test_an_app_without_home_tab_publishes_none(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.apps["A01TRYOUT"].manifest_source["features"]["app_home"]["home_tab_enabled"] = False
    assert await code(client.views_publish(user_id="U01ANA", view=home())) == "not_enabled"
