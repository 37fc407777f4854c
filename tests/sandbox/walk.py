"""What a person does with the stock app, whichever way it is connected and whatever it is written in."""

from sandbox.hands import Hands


async def try_everything(person: Hands) -> None:
    """Message, button, command, modal with an error, Home tab, shortcut."""
    await person.type("general", "hello")
    await person.until(lambda: len(person.messages("general")) == 2)
    greeting = person.messages("general")[1]
    assert greeting["text"] == f"Hey there <@{person.user_id}>!"
    await person.press(greeting, "Click Me")
    await person.until(lambda: person.messages("general")[1]["text"] == "Pressed")
    await person.until(lambda: f"<@{person.user_id}> clicked the button" in _texts(person))

    await person.command("/hello world", "general")
    await person.until(lambda: [one["text"] for one in person.ephemerals("general")] == ["You typed: world"])
    await person.until(person.view)
    assert "name" in await person.submit(), "an empty field keeps the form from going"
    await person.fill("Name", "nobody")
    assert await person.submit() == {"name": "That is nobody's name"}
    await person.fill("Name", "Ana")
    assert await person.submit() == {}
    assert person.view() is None
    await person.until(lambda: [one["text"] for one in person.dms()] == ["Hello Ana"])

    await person.open_home()
    await person.until(person.home)
    await person.shortcut("hello")
    await person.until(person.view)
    assert person.troubles == []


def _texts(person: Hands) -> list[str]:
    return [message["text"] for message in person.messages("general")]
