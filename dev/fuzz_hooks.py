"""Runs inside Schemathesis: puts codes and tokens that live into some of the requests that it has drawn.

Of each three requests one stays as it was drawn, one has them beside all else, and one has nothing else, so that it is
granted.
"""

import json
import os
import zlib
from collections.abc import Callable
from typing import Any

import schemathesis

from dev.fuzz_login import CALLBACK, LOGIN_VARIABLE, Login

LOGIN = Login(**json.loads(os.environ[LOGIN_VARIABLE]))
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


def _code() -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": LOGIN.code(),
        "redirect_uri": CALLBACK,
    }


def _refresh_token() -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": LOGIN.tokens()["refresh_token"]}


def _exchange() -> dict[str, str]:
    token = LOGIN.tokens()["access_token"]
    return {
        "grant_type": _EXCHANGE,
        "subject_token": token,
        "subject_token_type": _ACCESS_TOKEN,
        "scope": "profile",
    }


def _service() -> dict[str, str]:
    return {"grant_type": "client_credentials", "scope": "profile"}


def _token(kind: str) -> Callable[[], dict[str, str]]:
    return lambda: {"token": LOGIN.tokens()[kind]}


_TOKENS = (_token("access_token"), _token("refresh_token"))
LIVING: dict[str, tuple[Callable[[], dict[str, str]], ...]] = {
    "/oauth2/token": (_code, _refresh_token, _exchange, _service),
    "/oauth2/introspect": _TOKENS,
    "/oauth2/revoke": _TOKENS,
}


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """What is drawn decides, so that a failure can be repeated."""
    living = LIVING.get(case.operation.path)
    if living and isinstance(case.body, dict):
        drawn = zlib.crc32(repr(sorted(case.body.items(), key=repr)).encode())
        number, kind = divmod(drawn, 3)
        if kind:
            found = living[number % len(living)]()
            case.body = {**case.body, **found} if kind == 1 else found
    return case
