"""A small workspace for trying any app: three people, three channels, one app with every usual right."""

from typing import Any

_SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
]
_EVENTS = ["app_home_opened", "app_mention", "member_joined_channel", "message.channels", "message.im", "user_change"]

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tryout"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Tryout", "always_online": True},
        "slash_commands": [{"command": "/hello", "description": "Says hello", "usage_hint": "[name]"}],
        "shortcuts": [
            {"name": "Say hello", "type": "global", "callback_id": "hello", "description": "Opens a greeting"},
            {"name": "Answer", "type": "message", "callback_id": "answer", "description": "Answers a message"},
        ],
    },
    "oauth_config": {"scopes": {"bot": _SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": _EVENTS},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

SEED: dict[str, Any] = {
    "team": {"id": "T0SANDBOX", "name": "Sandbox", "domain": "sandbox"},
    "users": [
        {
            "id": "U01ANA",
            "name": "ana",
            "real_name": "Ana Torres",
            "title": "Planning",
            "locale": "es-ES",
            "tz": "Europe/Madrid",
        },
        {
            "id": "U01BEN",
            "name": "ben",
            "real_name": "Ben Walker",
            "title": "Support",
            "locale": "en-US",
            "tz": "America/New_York",
            "is_admin": True,
        },
        {
            "id": "U01CHEN",
            "name": "chen",
            "real_name": "陈静",
            "title": "工程部",
            "locale": "zh-CN",
            "tz": "Asia/Shanghai",
        },
    ],
    "apps": [
        {
            "id": "A01TRYOUT",
            "bot_user_id": "U01TRYOUT",
            "bot_id": "B01TRYOUT",
            "bot_token": "xoxb-sandbox-tryout",
            "app_token": "xapp-sandbox-tryout",
            "signing_secret": "sandbox-signing-secret",
            "manifest": MANIFEST,
        }
    ],
    "channels": [
        {"id": "C01GENERAL", "name": "general", "members": ["U01ANA", "U01BEN", "U01CHEN", "A01TRYOUT"]},
        {"id": "C01RANDOM", "name": "random", "members": ["U01ANA", "U01BEN", "U01CHEN"]},
        {"id": "C01PLANS", "name": "plans", "is_private": True, "members": ["U01ANA", "U01BEN", "A01TRYOUT"]},
    ],
}
