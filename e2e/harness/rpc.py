"""Odoo's own programming interfaces, as whoever can log in may use them: session, JSON-2, JSON-RPC."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from .people import Person
from .plain_http import TIMEOUT, HttpBrowser
from .systems import System

Call = Callable[..., Any]
# a refusal by right, and one because the method is none that may be called from outside
RIGHTS = {"AccessError", "Forbidden"}
NOT_CALLABLE = RIGHTS | {"AttributeError", "NotFound"}


class Refused(Exception):
    """Odoo's answer was an error; its text is the name of the exception."""


def refused(names: set[str], call: Call, *arguments: Any) -> None:
    """Check that a call is refused with an exception of one of these names."""
    with pytest.raises(Refused) as caught:
        call(*arguments)
    assert str(caught.value) in names


def by_session(provider: System, person: Person) -> Call:
    """Calls as the web client makes them."""
    browser = HttpBrowser(provider)
    browser.log_in(person)

    def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        response = browser.send("POST", "/web/dataset/call_kw", json={"params": params})
        return _result(response)

    return call


def by_password(provider: System, person: Person) -> Call:
    """Calls over /jsonrpc."""

    def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        login = (provider.database, person.id, person.password)
        params = {
            "service": "object",
            "method": "execute_kw",
            "args": [*login, model, method, args, kwargs],
        }
        return _result(
            requests.post(f"{provider.url}/jsonrpc", json={"params": params}, timeout=TIMEOUT)
        )

    return call


def by_api_key(provider: System, person: Person) -> Call:
    """Calls over /json/2, which knows arguments by name only."""
    key = provider.run(
        "import datetime\n"
        "result = env['res.users.apikeys'].with_user(uid)._generate("
        "'rpc', 'test', datetime.datetime.now() + datetime.timedelta(hours=1))",
        uid=person.id,
    )

    def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        names = _PARAMETERS.get(method, ("ids",))
        body = kwargs | dict(zip(names, args, strict=True)) if args else kwargs
        response = requests.post(
            f"{provider.url}/json/2/{model}/{method}",
            json=body,
            headers={"Authorization": f"Bearer {key}"},
            timeout=TIMEOUT,
        )
        if response.status_code != 200:
            raise Refused(response.json()["name"].rpartition(".")[2])
        return response.json()

    return call


_PARAMETERS = {
    "create": ("vals_list",),
    "write": ("ids", "vals"),
    "read": ("ids", "fields"),
    "search_read": ("domain", "fields"),
    "search_count": ("domain",),
}


def _result(response: requests.Response) -> Any:
    answer = response.json()
    if "error" in answer:
        raise Refused(answer["error"]["data"]["name"].rpartition(".")[2])
    return answer.get("result")
