"""Identifiers that look like Slack's."""

import secrets

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def new_id(prefix: str, length: int = 10) -> str:
    """`U`, `C`, `D`, `A`, `V`, `F` … followed by letters and digits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def new_secret(prefix: str = "", size: int = 16) -> str:
    return prefix + secrets.token_hex(size)
