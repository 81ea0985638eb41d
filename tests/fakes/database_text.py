"""Ports that take no text that PostgreSQL would not take."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from protocol.server import AuthorizationServer, Ports
from protocol.storable_text import is_storable

# These hash what they are given, or know what may be in it.
_TAKE_ANYTHING = frozenset({"replays", "randomness", "server_secret", "outbound", "events"})


class DatabaseText:
    def __init__(self, port: Any) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._port, name)
        if not callable(member):
            return member

        def call(*values: Any, **named: Any) -> Any:
            for value in (*values, *named.values()):
                _check(value)
            return member(*values, **named)

        return call


def _check(value: Any) -> None:
    if isinstance(value, (list, tuple, frozenset)):
        for item in value:
            _check(item)
    elif isinstance(value, str) and not is_storable(value):
        raise AssertionError(f"PostgreSQL takes no such text: {value!r}")


def with_database_text(server: AuthorizationServer) -> AuthorizationServer:
    ports: Ports = server.ports
    guarded = {
        entry.name: DatabaseText(getattr(ports, entry.name))
        for entry in fields(ports)
        if entry.name not in _TAKE_ANYTHING
    }
    return replace(server, ports=replace(ports, **guarded))
