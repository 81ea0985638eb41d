"""Who sends the requests of `make fuzz`: each with what lets it through a gate of the provider."""

import base64
import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from .odoo_server import OdooServer

NOBODY = "nobody"
A_CLIENT = "a client"
A_NEWCOMER = "whoever registers a client"
A_HOLDER = "the holder of a token"
A_REGISTERED_CLIENT = "a client that has registered itself"
A_PERSON = "a person who is logged in"
CALLBACK = "http://127.0.0.1/cb"
FORM = "application/x-www-form-urlencoded"
_EVERY_PAGE = 9


@dataclass(frozen=True)
class Sender:
    """``configuration``: what Schemathesis is told beside the headers. ``paths``: what it asks, if not everything."""

    name: str
    headers: Mapping[str, str]
    configuration: str = ""
    paths: str = ""


def senders(server: OdooServer, identifier: str, secret: str) -> Iterator[Sender]:
    """Each, when its turn comes: tokens do not live for long.

    :param identifier: of a client that is trusted and may do everything
    """
    basic = "Basic " + base64.b64encode(f"{identifier}:{secret}".encode()).decode()
    yield Sender(NOBODY, {}, paths="^/(?!oauth2/register)")
    # Registration takes no client's secret; without a header it is open.
    yield Sender(A_CLIENT, {"Authorization": basic}, paths="^/(?!oauth2/register)")
    yield Sender(A_NEWCOMER, {}, paths="^/oauth2/register$")
    cookie = _log_in(server)
    token = _token(server, identifier, basic, cookie)
    answer, _body = _ask(server, "GET", "/oauth2/userinfo", Authorization=f"Bearer {token}")
    assert answer.status == 200, "the token opens nothing"
    yield Sender(A_HOLDER, {"Authorization": f"Bearer {token}"})
    registered = _register(server)
    yield Sender(
        A_REGISTERED_CLIENT,
        {"Authorization": f"Bearer {registered['registration_access_token']}"},
        # What it is about must stay.
        '[[operations]]\ninclude-method = "DELETE"\nenabled = false\n'
        f'[parameters]\n"path.client_identifier" = "{registered["client_id"]}"\n',
        "^/oauth2/register/",
    )
    yield Sender(A_PERSON, {"Cookie": cookie}, paths="^/oauth2/(authorize|device|end_session)")


def _ask(
    server: OdooServer, method: str, path: str, body: str = "", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, named)
    with connection.getresponse() as answer:
        return answer, answer.read()


def _log_in(server: OdooServer) -> str:
    """The cookie of the administrator's session."""
    params = {"db": server.database, "login": "admin", "password": "admin"}
    answer, body = _ask(
        server,
        "POST",
        "/web/session/authenticate",
        json.dumps({"params": params}),
        Content_Type="application/json",
    )
    assert json.loads(body)["result"]["uid"]
    cookies = [value for name, value in answer.getheaders() if name == "Set-Cookie"]
    return next(value for value in cookies if value.startswith("session_id=")).partition(";")[0]


def _token(server: OdooServer, identifier: str, basic: str, cookie: str) -> str:
    """An access token for UserInfo, from a login with a code."""
    sent = {"response_type": "code", "client_id": identifier, "redirect_uri": CALLBACK}
    address = "/oauth2/authorize?" + urlencode({**sent, "scope": "openid profile", "nonce": "n"})
    for _page in range(_EVERY_PAGE):
        answer, _body = _ask(server, "GET", address, Cookie=cookie)
        address = answer.getheader("Location") or ""
        cookie = "; ".join([cookie, *_cookies(answer)])
        if address.startswith(CALLBACK):
            break
    (code,) = parse_qs(urlsplit(address).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    _answer, body = _ask(
        server, "POST", "/oauth2/token", urlencode(form), Authorization=basic, Content_Type=FORM
    )
    return str(json.loads(body)["access_token"])


def _cookies(answer: http.client.HTTPResponse) -> list[str]:
    return [v.partition(";")[0] for name, v in answer.getheaders() if name == "Set-Cookie"]


def _register(server: OdooServer) -> dict[str, str]:
    body = json.dumps({"redirect_uris": ["https://app.example.com/cb"], "client_name": "Fuzz"})
    _answer, body_of_answer = _ask(
        server, "POST", "/oauth2/register", body, Content_Type="application/json"
    )
    return dict(json.loads(body_of_answer))
