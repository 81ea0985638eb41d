"""Looks at one answer of each route before it is measured: 200 alone would also be a token that is not active."""

import http.client
import json
from typing import Any

from dev.settings import DevError

from ..measurement import Measured
from ..routes import Request, Route

WANTED = {
    "userinfo": {"sub", "name", "email"},
    "introspection": {"active", "client_id", "scope", "exp"},
    "token: authorization_code, with an ID token": {"access_token", "refresh_token", "id_token"},
    "token: refresh_token, with an ID token": {"access_token", "refresh_token", "id_token"},
    "token: refresh_token": {"access_token", "refresh_token"},
    "token: client_credentials": {"access_token"},
}


def check(name: str, server: Measured, routes: tuple[Route, ...], number: int) -> None:
    """Send the request of that number to each route; raises DevError if an answer is not what was asked for."""
    requests = {route.title: route.request(server.contents, number) for route in routes}
    for title, request in requests.items():
        answer = _send(server, request)
        missing = WANTED.get(title, set()) - answer.keys()
        if missing or (title == "introspection" and answer["active"] is not True):
            raise DevError(f"{name}, {title}: {answer}")
    _method, _path, headers, body = requests["revocation"]
    asked = ("POST", requests["introspection"][1], headers, body)
    if _send(server, asked).get("active") is not False:
        raise DevError(f"{name}: a revoked token is still active")


def _send(server: Measured, request: Request) -> dict[str, Any]:
    method, path, headers, body = request
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise DevError(f"{method} {path}: {response.status} {text[:500]!r}")
    return json.loads(text or b"{}")
