"""Files up and down, from apps and from people."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.server import Serving
from tests.sandbox.conftest import BOT_TOKEN
from tests.sandbox.standins import code


async def test_an_app_uploads_in_three_steps_and_people_see_the_file(
    client: AsyncWebClient, serving: Serving, ana: Hands
) -> None:
    await client.files_upload_v2(channel="C01GENERAL", content="hello", filename="note.txt", initial_comment="Look")
    (message,) = ana.messages("general")
    file = message["files"][0]
    assert (message["text"], file["name"], file["mimetype"], file["size"]) == ("Look", "note.txt", "text/plain", 5)
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{serving.url}/people/file", params={"as": "U01ANA", "id": file["id"]})
        assert await answer.text() == "hello"


async def test_what_a_person_attaches_is_read_with_the_bot_token_only(
    client: AsyncWebClient, serving: Serving, ana: Hands
) -> None:
    await ana.upload("general", "plan.csv", b"a,b")
    file = ana.messages("general")[0]["files"][0]
    assert (await client.files_info(file=file["id"]))["file"]["title"] == "plan.csv"
    async with aiohttp.ClientSession() as session:
        without = await session.get(file["url_private_download"])
        assert without.status == 403
        allowed = await session.get(file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"})
        assert await allowed.read() == b"a,b"
        outsider = await session.get(f"{serving.url}/people/file", params={"as": "U404", "id": file["id"]})
        assert outsider.status == 404


async def test_a_file_never_uploaded_cannot_be_shared(client: AsyncWebClient) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    finishing = client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "a"}])
    assert await code(finishing) == "file_not_found"
    assert await code(client.files_info(file=ticket["file_id"])) == "file_not_found"
