"""The command `visita`, run as people and service managers run it."""

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-hush", "SLACK_APP_TOKEN": "xapp-1-hush"}

# The command with a bot that does nothing but wait, and takes its time to stop.
WITH_A_QUIET_BOT = """
import asyncio, sys
from bot.cli import main

async def run(settings, *, clock, stop):
    print("up", settings.transport, clock.now().tzinfo, flush=True)
    await stop.wait()
    await asyncio.sleep(0)
    print("stopped cleanly", flush=True)

sys.exit(main(run=run))
"""
WITH_A_BROKEN_BOT = """
import sys
from bot.cli import main

async def run(settings, *, clock, stop):
    raise RuntimeError(f"refused {settings.slack_bot_token}")

sys.exit(main(run=run))
"""


def visita(
    folder: Path, *arguments: str, program: str = WITH_A_QUIET_BOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_names_every_command_and_where_settings_come_from(tmp_path: Path) -> None:
    helped = visita(tmp_path, "--help")

    assert helped.returncode == 0
    assert all(word in helped.stdout for word in ("run", "migrate", "check", ".env.example"))


def test_the_version_is_told(tmp_path: Path) -> None:
    assert visita(tmp_path, "--version").stdout == f"visita {version('visita')}\n"


def test_no_command_and_unknown_commands_get_the_usage(tmp_path: Path) -> None:
    for arguments in ([], ["fly"]):
        refused = visita(tmp_path, *arguments)
        assert refused.returncode == 2
        assert "usage: visita" in refused.stderr


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_half_configured_bot_does_not_start_and_names_everything_missing(tmp_path: Path, command: str) -> None:
    refused = visita(tmp_path, command, VISITA_TIMEZONE="Atlantis")

    assert refused.returncode == 2
    assert all(name in refused.stderr for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "VISITA_TIMEZONE"))
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_settings_in_the_env_file_of_the_folder_are_used(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in SOCKET.items()))

    assert visita(tmp_path, "migrate").returncode == 0
    assert (tmp_path / ".visita" / "visita.sqlite3").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_migrates_first_and_stops_cleanly_when_asked(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WITH_A_QUIET_BOT, "run"],
        cwd=tmp_path,
        env={"PATH": os.defpath, **SOCKET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == "up socket UTC\n"
        assert (tmp_path / ".visita" / "visita.sqlite3").exists()
        bot.send_signal(number)
        out, err = bot.communicate(timeout=30)

    assert (bot.returncode, out) == (0, "stopped cleanly\n")
    assert "hush" not in err


def test_an_unexpected_end_is_logged_without_secrets_and_told_by_the_exit_code(tmp_path: Path) -> None:
    failed = visita(tmp_path, "run", program=WITH_A_BROKEN_BOT, **SOCKET)

    assert failed.returncode == 1
    assert "RuntimeError: refused ***" in failed.stderr
    assert "hush" not in failed.stderr


def test_check_says_what_is_wrong_and_fails(tmp_path: Path) -> None:
    checked = visita(tmp_path, "check")

    assert checked.returncode == 1
    assert "WRONG  configuration: SLACK_BOT_TOKEN: missing" in checked.stdout
    assert "OK     languages" in checked.stdout
