"""The measured routes and the requests they get."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from .contents import LIVE_TOKENS, REDIRECT_URI, VERIFIER, Contents, secret

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Request = tuple[str, str, dict[str, str], str | None]


@dataclass(frozen=True)
class Route:
    """`target`: how much more processor time than the empty route it may take.

    `request`: the request of a number; no number is asked for twice, so that codes can be redeemed.
    """

    title: str
    target: float | None
    request: Callable[[Contents, int], Request]


def _empty(_contents: Contents, _number: int) -> Request:
    return "GET", "/oauth2_provider_bench/empty", {}, None


def _resource(path: str) -> Callable[[Contents, int], Request]:
    def request(_contents: Contents, _number: int) -> Request:
        token = secret("o2a_", random.randint(1, LIVE_TOKENS))
        return "GET", path, {"Authorization": f"Bearer {token}"}, None

    return request


def _token(contents: Contents, number: int, **form: str) -> Request:
    headers = {**FORM, "Authorization": contents.authorization_header(number)}
    return "POST", "/oauth2/token", headers, urlencode(form)


def _code(contents: Contents, number: int) -> Request:
    return _token(
        contents,
        number,
        grant_type="authorization_code",
        code=secret("o2c_", number),
        redirect_uri=REDIRECT_URI,
        code_verifier=VERIFIER,
    )


def _refresh(contents: Contents, number: int) -> Request:
    return _token(
        contents, number, grant_type="refresh_token", refresh_token=secret("o2r_", number)
    )


EMPTY = Route("empty route of Odoo", None, _empty)
ROUTES = (
    EMPTY,
    Route("userinfo", 1.8, _resource("/oauth2/userinfo")),
    Route("tokeninfo", 1.8, _resource("/oauth2/tokeninfo")),
    Route("token (authorization_code)", 2.2, _code),
    Route("token (refresh_token)", 2.2, _refresh),
)
