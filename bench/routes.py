"""The measured routes and the requests they get."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .contents import REDIRECT_URI, VERIFIER, Contents, secret

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Request = tuple[str, str, dict[str, str], str | None]


@dataclass(frozen=True)
class Route:
    """`target`: how much more processor time than the empty JSON route it may take.

    `request`: the request of a number, from what was put in; no number is asked for twice, so that codes can be
    redeemed.
    """

    title: str
    target: float | None
    request: Callable[[Any, int], Request]


def _empty(_contents: Contents, _number: int) -> Request:
    call = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {}})
    return "POST", "/oauth2_provider_bench/json", {"Content-Type": "application/json"}, call


def _cheapest(_contents: Contents, _number: int) -> Request:
    return "GET", "/oauth2_provider_bench/cheapest", {}, None


def _resource(path: str) -> Callable[[Contents, int], Request]:
    def request(contents: Contents, _number: int) -> Request:
        token = secret("o2a_", random.randint(1, contents.live))
        return "GET", path, {"Authorization": f"Bearer {token}"}, None

    return request


def post(path: str, authorization: str, **form: str) -> Request:
    return "POST", path, {**FORM, "Authorization": authorization}, urlencode(form)


def _introspection(contents: Contents, _number: int) -> Request:
    number = random.randint(1, contents.live)
    token = secret("o2a_", number)
    return post("/oauth2/introspect", contents.owner_of_access_token(number), token=token)


def _revocation(contents: Contents, number: int) -> Request:
    number += contents.revoked
    token = secret("o2a_", number)
    return post("/oauth2/revoke", contents.owner_of_access_token(number), token=token)


def _code(contents: Contents, number: int) -> Request:
    return post(
        "/oauth2/token",
        contents.owner_of_grant(number),
        grant_type="authorization_code",
        code=secret("o2c_", number),
        redirect_uri=REDIRECT_URI,
        code_verifier=VERIFIER,
    )


def _refresh(contents: Contents, number: int) -> Request:
    return post(
        "/oauth2/token",
        contents.owner_of_grant(number),
        grant_type="refresh_token",
        refresh_token=secret("o2r_", number),
    )


def _plain_refresh(contents: Contents, number: int) -> Request:
    return _refresh(contents, contents.plain + number)


def _service(contents: Contents, _number: int) -> Request:
    return post("/oauth2/token", contents.service, grant_type="client_credentials")


def _jwt_service(contents: Contents, _number: int) -> Request:
    return post("/oauth2/token", contents.jwt_service, grant_type="client_credentials")


EMPTY = Route("empty JSON route of Odoo", None, _empty)
PLAIN_REFRESH = Route("token: refresh_token", 2.2, _plain_refresh)
REFRESH = Route("token: refresh_token, with an ID token", 2.2, _refresh)
ROUTES = (
    EMPTY,
    Route("cheapest route of Odoo (GET)", None, _cheapest),
    Route("userinfo", 1.8, _resource("/oauth2/userinfo")),
    Route("tokeninfo", 1.8, _resource("/oauth2/tokeninfo")),
    Route("introspection", 1.8, _introspection),
    Route("revocation", 1.8, _revocation),
    Route("token: authorization_code, with an ID token", 2.2, _code),
    REFRESH,
    PLAIN_REFRESH,
    Route("token: client_credentials", 2.2, _service),
    Route("token: client_credentials, as ES256 JWT", 1.6, _jwt_service),
)
