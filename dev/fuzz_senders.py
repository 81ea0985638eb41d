"""Who sends the requests of `make fuzz`: each with what lets it through a gate of the provider."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from . import fuzz_login
from .fuzz_login import LOGIN_VARIABLE, ask
from .odoo_server import OdooServer
from .settings import ROOT

NOBODY = "nobody"
A_CLIENT = "a client"
A_NEWCOMER = "whoever registers a client"
A_HOLDER = "the holder of a token"
A_REGISTERED_CLIENT = "a client that has registered itself"
A_PERSON = "a person who is logged in"


@dataclass(frozen=True)
class Sender:
    """``configuration``: what Schemathesis is told beside the headers. ``paths``: what it asks, if not everything.
    ``environment``: of its process."""

    name: str
    headers: Mapping[str, str]
    configuration: str = ""
    paths: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def senders(server: OdooServer, identifier: str, secret: str) -> Iterator[Sender]:
    """Each, when its turn comes: tokens do not live for long.

    :param identifier: of a client that is trusted and may do everything
    """
    login = fuzz_login.log_in(server.port, server.database, identifier, secret)
    living = {
        LOGIN_VARIABLE: json.dumps(asdict(login)),
        "SCHEMATHESIS_HOOKS": "dev.fuzz_hooks",
        "PYTHONPATH": str(ROOT),
    }
    yield Sender(NOBODY, {}, paths="^/(?!oauth2/register)")
    # Registration takes no client's secret; without a header it is open.
    proof = {"Authorization": login.basic}
    yield Sender(A_CLIENT, proof, paths="^/(?!oauth2/register)", environment=living)
    yield Sender(A_NEWCOMER, {}, paths="^/oauth2/register$")
    bearer = {"Authorization": f"Bearer {login.tokens()['access_token']}"}
    answer, _body = ask(server.port, "GET", "/oauth2/userinfo", **bearer)
    assert answer.status == 200, "the token opens nothing"
    yield Sender(A_HOLDER, bearer)
    registered = _register(server)
    yield Sender(
        A_REGISTERED_CLIENT,
        {"Authorization": f"Bearer {registered['registration_access_token']}"},
        # What it is about must stay.
        '[[operations]]\ninclude-method = "DELETE"\nenabled = false\n'
        f'[parameters]\n"path.client_identifier" = "{registered["client_id"]}"\n',
        "^/oauth2/register/",
    )
    yield Sender(
        A_PERSON, {"Cookie": login.cookie}, paths="^/oauth2/(authorize|device|end_session)"
    )


def _register(server: OdooServer) -> dict[str, str]:
    body = json.dumps({"redirect_uris": ["https://app.example.com/cb"], "client_name": "Fuzz"})
    _answer, content = ask(
        server.port, "POST", "/oauth2/register", body, Content_Type="application/json"
    )
    return dict(json.loads(content))
