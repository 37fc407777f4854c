"""What is set from outside, and how much of what is wrong with it is said at once."""

import re
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.settings import ConfigurationError, Settings, async_database_url, load_settings
from bot.vault import new_key

ROOT = Path(__file__).parent.parent
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-abc", "SLACK_APP_TOKEN": "xapp-1-def"}


def problems(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(environ, env_file=None)
    return {problem.variable: problem.remedy for problem in refused.value.problems}


def test_two_tokens_are_enough_for_socket_mode() -> None:
    settings = load_settings(SOCKET, env_file=None)

    assert (settings.transport, settings.slack_api_url) == ("socket", "https://slack.com/api/")
    assert settings.database_url == "sqlite+aiosqlite:///.visita/visita.sqlite3"
    assert (settings.timezone.key, settings.locale) == ("UTC", "en-US")


def test_http_needs_the_signing_secret_instead_of_the_app_token() -> None:
    http = {"SLACK_BOT_TOKEN": "xoxb-1-abc", "VISITA_TRANSPORT": "http"}

    assert problems(http).keys() == {"SLACK_SIGNING_SECRET"}
    assert load_settings(http | {"SLACK_SIGNING_SECRET": "s3cret", "VISITA_PORT": "8080"}, env_file=None).port == 8080


def test_figures_are_shown_over_http_and_otherwise_on_request() -> None:
    http = {"SLACK_BOT_TOKEN": "xoxb-1-abc", "SLACK_SIGNING_SECRET": "s3cret", "VISITA_TRANSPORT": "http"}

    def shown(environ: dict[str, str]) -> bool:
        return load_settings(environ, env_file=None).shows_metrics

    assert (shown(SOCKET), shown(SOCKET | {"VISITA_METRICS": "on"})) == (False, True)
    assert (shown(http), shown(http | {"VISITA_METRICS": "Off"})) == (True, False)


def test_everything_wrong_is_named_at_once_with_what_it_is_for() -> None:
    found = problems(
        {
            "SLACK_APP_TOKEN": "xoxb-in-the-wrong-place",
            "SLACK_API_URL": "slack.com",
            "DATABASE_URL": "mysql://localhost/visita",
            "VISITA_PORT": "70000",
            "VISITA_METRICS": "yes please",
            "VISITA_TIMEZONE": "Europe/Atlantis",
            "VISITA_LOCALE": "fr-FR",
            "VISITA_LOG_LEVEL": "loud",
            "VISITA_LOG_FORMAT": "xml",
        }
    )

    assert found.keys() == {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_API_URL",
        "DATABASE_URL",
        "VISITA_PORT",
        "VISITA_METRICS",
        "VISITA_TIMEZONE",
        "VISITA_LOCALE",
        "VISITA_LOG_LEVEL",
        "VISITA_LOG_FORMAT",
    }
    assert "OAuth & Permissions" in found["SLACK_BOT_TOKEN"]
    assert "xapp-" in found["SLACK_APP_TOKEN"]


def test_a_variable_set_to_nothing_counts_as_missing() -> None:
    assert problems(SOCKET | {"SLACK_BOT_TOKEN": " "}).keys() == {"SLACK_BOT_TOKEN"}


def test_a_misspelt_variable_is_not_silently_ignored() -> None:
    assert problems(SOCKET | {"VISITA_TIMEZON": "Europe/Madrid"}) == {
        "VISITA_TIMEZON": "unknown; is VISITA_TIMEZONE meant?"
    }


def test_variables_of_other_programs_do_not_matter() -> None:
    load_settings(SOCKET | {"SLACK_WEBHOOK": "x", "DATABASE_POOL": "9", "PATH": "/bin"}, env_file=None)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN='xapp-file'\nVISITA_LOCALE=es-LA # comment\n")

    settings = load_settings({"SLACK_BOT_TOKEN": "xoxb-environment"}, env_file=file)

    assert settings.slack_bot_token == "xoxb-environment"
    assert (settings.slack_app_token, settings.locale) == ("xapp-file", "es-LA")


def test_a_dollar_sign_in_the_file_is_a_dollar_sign(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DATABASE_URL=postgresql://visita:pa$${HOME}word@db/visita\n")

    assert make_url(load_settings(SOCKET, env_file=file).database_url).password == "pa$${HOME}word"


def test_a_key_is_checked_and_several_are_kept_in_order() -> None:
    first, second = new_key(), new_key()

    assert load_settings(SOCKET, env_file=None).secret_keys == ()
    several = load_settings(SOCKET | {"VISITA_SECRET_KEY": f"{first}, {second}"}, env_file=None)
    assert several.secret_keys == (first, second)
    assert "visita key" in problems(SOCKET | {"VISITA_SECRET_KEY": f"{first},hunter2"})["VISITA_SECRET_KEY"]


def test_several_workspaces_need_a_key_and_no_token_of_their_own() -> None:
    app = {"SLACK_APP_TOKEN": "xapp-1-def", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "abc"}
    key = {"VISITA_SECRET_KEY": new_key()}

    settings = load_settings(app | key, env_file=None)
    assert (settings.is_for_several, settings.slack_bot_token) == (True, "")
    assert settings.authorize_url == "https://slack.com/oauth/v2/authorize"
    assert problems(app).keys() == {"VISITA_SECRET_KEY"}
    assert problems(app | key | {"SLACK_CLIENT_SECRET": ""}).keys() == {"SLACK_CLIENT_SECRET"}
    assert problems(app | key | SOCKET).keys() == {"SLACK_BOT_TOKEN"}
    assert not load_settings(SOCKET, env_file=None).is_for_several


def test_the_repr_shows_no_secret() -> None:
    settings = Settings(
        slack_bot_token="xoxb-secret1",
        slack_app_token="xapp-secret2",
        slack_signing_secret="secret3",
        database_url="postgresql+asyncpg://visita:secret4@db/visita",
        secret_keys=("secret5",),
    )

    assert all(f"secret{number}" not in f"{settings} {settings!r}" for number in range(1, 6))
    assert "visita:***@db" in repr(settings)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h:5433/v", "postgresql+asyncpg://u:p@h:5433/v"),
        ("postgresql://u@/v?host=/run/pg", "postgresql+asyncpg://u@/v?host=%2Frun%2Fpg"),
        ("postgresql+psycopg://u@h/v", "postgresql+asyncpg://u@h/v"),
        ("postgres://u@h/v?sslmode=require", "postgresql+asyncpg://u@h/v?ssl=require"),
        ("sqlite:///visita.sqlite3", "sqlite+aiosqlite:///visita.sqlite3"),
        ("sqlite:////var/lib/visita.sqlite3", "sqlite+aiosqlite:////var/lib/visita.sqlite3"),
    ],
)
def test_database_urls_get_the_driver_that_visita_uses(given: str, used: str) -> None:
    assert async_database_url(given) == used
    assert async_database_url(used) == used


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://h/v", "visita.sqlite3"])
def test_databases_that_would_not_work_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite|PostgreSQL|postgresql"):
        async_database_url(url)


def test_the_example_explains_every_variable_and_lacks_only_the_secrets() -> None:
    lines = [line.removeprefix("#") for line in (ROOT / ".env.example").read_text().splitlines()]
    example = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    read = set(re.findall(r'reading\.\w+\("(\w+)"', (ROOT / "bot" / "settings.py").read_text()))

    assert example.keys() == read
    assert problems(example).keys() == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    load_settings(example | SOCKET, env_file=None)
