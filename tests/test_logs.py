"""No log line gives a door away, whoever wrote it."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.logs import Redactor, formatter

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def line(record: logging.LogRecord, *, as_json: bool = True) -> str:
    return formatter(json=as_json, secrets=[SIGNING_SECRET]).format(record)


def record(message: str, *arguments: Any, error: BaseException | None = None) -> logging.LogRecord:
    trace = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("slack_bolt.AsyncApp", logging.INFO, __file__, 1, message, arguments, trace)


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "console"])
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("token xoxb-1234-5678-AbCd is invalid", "1234-5678"),
        ("rotated xoxe.xoxb-1-MzQ1", "MzQ1"),
        ("user token xoxp-99-secret", "99-secret"),
        ("app token xapp-1-A0-77-beef", "A0-77-beef"),
        ("headers {'Authorization': 'Bearer abcdef123456', 'X': 1}", "abcdef123456"),
        ("Authorization: Basic dXNlcjpwdw==", "dXNlcjpwdw"),
        (f"signature made with {SIGNING_SECRET}", SIGNING_SECRET),
        ("cannot connect to postgresql+asyncpg://visita:hunter2@db:5432/visita", "hunter2"),
        ("signing_secret=abc123def", "abc123def"),
        ("wss://wss-primary.slack.com/link/?ticket=12ab-34cd&app_id=5", "12ab-34cd"),
        ("posting to https://hooks.slack.com/commands/T1/22/33abc", "33abc"),
        ("duplicate key\nDETAIL:  Key (phone)=(+34 600 000 000) already exists.", "600 000 000"),
    ],
    ids=lambda value: value.split()[0],
)
def test_secrets_are_hidden_in_messages_and_arguments(text: str, secret: str, as_json: bool) -> None:
    for written in (record(text), record("says %s", text), record("says %s", {"deep": [text]})):
        shown = line(written, as_json=as_json)
        assert secret not in shown
        assert "***" in shown


def test_a_value_is_hidden_when_its_name_says_so_and_other_values_stay() -> None:
    event = {
        "event": "started",
        "slack_bot_token": "abc",
        "headers": {"Cookie": ["d=1"]},
        "port": 3000,
        "visit": "V-0012",
    }

    assert Redactor()(None, "info", event) == {
        "event": "started",
        "slack_bot_token": "***",
        "headers": {"Cookie": "***"},
        "port": 3000,
        "visit": "V-0012",
    }


def test_our_lines_are_one_json_object_each_and_carry_their_values(tmp_path: Path) -> None:
    program = """
import logging, structlog
from bot.logs import configure_logging
configure_logging("debug", secrets=["zebra"])
structlog.get_logger("bot.app").debug("notice sent", notice=7, note="a zebra")
logging.getLogger("aiosqlite").debug("INSERT 'Garcia'")
logging.getLogger("uvicorn.error").info("listening on %s", 3000)
"""
    written = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)

    ours, theirs = [json.loads(line) for line in written.stderr.splitlines()]
    assert (ours["event"], ours["notice"], ours["note"], ours["level"]) == ("notice sent", 7, "a ***", "debug")
    assert (theirs["event"], theirs["logger"]) == ("listening on 3000", "uvicorn.error")


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "console"])
def test_secrets_are_hidden_in_tracebacks(as_json: bool) -> None:
    try:
        raise RuntimeError("refused xoxb-1-2-3")
    except RuntimeError as error:
        shown = line(record("failed", error=error), as_json=as_json)

    assert "RuntimeError" in shown
    assert "xoxb-1" not in shown
