"""The routes that ours and the others have in common, and the requests that the others get."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..contents import REDIRECT_URI, VERIFIER, basic
from ..routes import ROUTES, Request, Route, post

TITLES = (
    "userinfo",
    "introspection",
    "revocation",
    "token: authorization_code, with an ID token",
    "token: refresh_token, with an ID token",
    "token: refresh_token",
    "token: client_credentials",
)
OURS = tuple(route for title in TITLES for route in ROUTES if route.title == title)


@dataclass(frozen=True)
class Endpoints:
    """Where a provider has what."""

    token: str
    introspection: str
    revocation: str
    userinfo: str


@dataclass(frozen=True)
class Prepared:
    """What was put into another provider, as its `fill` told: secrets, each with the number of its application."""

    endpoints: Endpoints
    made: dict[str, Any]

    @property
    def service(self) -> str:
        """Authorization header of the service."""
        return basic(*self.made["service"])

    def once(self, kind: str, number: int) -> tuple[str, str]:
        """The secret of that kind and number, counted from 1, and its application's Authorization header."""
        return self._with_owner(self.made[kind][number - 1])

    def live(self) -> tuple[str, str]:
        """Any access token that is never used up, likewise."""
        return self._with_owner(random.choice(self.made["live"]))

    def _with_owner(self, told: tuple[str, int]) -> tuple[str, str]:
        text, application = told
        return text, basic(*self.made["applications"][application])


def _userinfo(prepared: Prepared, _number: int) -> Request:
    token, _owner = prepared.live()
    return "GET", prepared.endpoints.userinfo, {"Authorization": f"Bearer {token}"}, None


def _introspection(prepared: Prepared, _number: int) -> Request:
    token, owner = prepared.live()
    return post(prepared.endpoints.introspection, owner, token=token)


def _revocation(prepared: Prepared, number: int) -> Request:
    token, owner = prepared.once("revocable", number)
    return post(prepared.endpoints.revocation, owner, token=token)


def _code(prepared: Prepared, number: int) -> Request:
    code, owner = prepared.once("codes", number)
    return post(
        prepared.endpoints.token,
        owner,
        grant_type="authorization_code",
        code=code,
        redirect_uri=REDIRECT_URI,
        code_verifier=VERIFIER,
    )


def _refresh(kind: str) -> Callable[[Prepared, int], Request]:
    def request(prepared: Prepared, number: int) -> Request:
        token, owner = prepared.once(kind, number)
        return post(
            prepared.endpoints.token, owner, grant_type="refresh_token", refresh_token=token
        )

    return request


def _service(prepared: Prepared, _number: int) -> Request:
    return post(prepared.endpoints.token, prepared.service, grant_type="client_credentials")


_REQUESTS = (
    _userinfo,
    _introspection,
    _revocation,
    _code,
    _refresh("refresh"),
    _refresh("plain_refresh"),
    _service,
)
THEIRS = tuple(
    Route(title, None, request) for title, request in zip(TITLES, _REQUESTS, strict=True)
)
# UserInfo asks for no secret of an application.
WITH_SECRET = THEIRS[1:]
