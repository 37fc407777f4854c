"""PostgreSQL behind a network that may fall silent: nobody waits for an answer that does not come any more.

A server that is switched off, a failover and a firewall that forgets a connection say nothing: without limits a
statement waits for the kernel, which sends it again for a quarter of an hour.
"""

import socket
from dataclasses import dataclass
from typing import Any

import asyncpg


@dataclass(frozen=True)
class Patience:
    """In seconds: how long each side waits for the other."""

    connecting: float = 10
    idle: float = 1
    """A connection that nobody used for longer is asked whether it still leads anywhere,"""
    ping: float = 5
    """and has so long to answer."""
    packet: float = 10
    """What was sent must have been acknowledged by then, by the other machine's kernel, however busy its server is."""
    statement: float = 15
    """Then the server ends a statement, whether it works or waits for a lock; the connection stays."""
    answer: float = 20
    """Then the connection is given up: the server would have said that it ended the statement."""
    idle_transaction: float = 30
    """Then the server ends a transaction in which nothing comes any more: whoever died in it holds locks so long."""


PATIENT = Patience()


async def connect(*arguments: Any, patience: Patience, is_long: bool = False, **options: Any) -> Any:
    """A connection of the driver's. `is_long`: its statements take as long as they take, as those of migrations do."""
    line = await asyncpg.connect(
        *arguments,
        **{"timeout": patience.connecting, "command_timeout": None if is_long else patience.answer} | options,
    )
    _give_up_lost_packets(line._transport.get_extra_info("socket"), patience)
    # As statements: poolers refuse to be told at the beginning of a connection what they do not know.
    await line.execute(_settings(patience, is_long=is_long), timeout=patience.connecting)
    return line


def _give_up_lost_packets(line: Any, patience: Patience) -> None:
    """As far as the system knows how: also while an answer is awaited, and nothing is on its way."""
    if line.family not in (socket.AF_INET, socket.AF_INET6):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {
        "TCP_KEEPIDLE": patience.packet / 2,
        "TCP_KEEPINTVL": patience.packet / 5,
        "TCP_KEEPCNT": 3,
        "TCP_USER_TIMEOUT": patience.packet * 1000,
    }
    for name, value in options.items():
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), max(round(value), 1))


def _settings(patience: Patience, *, is_long: bool) -> str:
    """What the server is to do: it must not believe either that a machine which was switched off is still there."""
    settings = {
        "tcp_keepalives_idle": round(patience.packet),
        "tcp_keepalives_interval": max(round(patience.packet / 5), 1),
        "tcp_keepalives_count": 3,
    }
    if not is_long:
        settings["statement_timeout"] = round(patience.statement * 1000)
        settings["idle_in_transaction_session_timeout"] = round(patience.idle_transaction * 1000)
    return "; ".join(f"SET {name} = {value}" for name, value in settings.items())
