"""Codes and tokens that live, from a running provider: nobody invents one by chance."""

import base64
import http.client
import json
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

CALLBACK = "http://127.0.0.1/cb"
FORM = "application/x-www-form-urlencoded"
# By this variable dev/fuzz_hooks.py gets the members of a `Login`.
LOGIN_VARIABLE = "OAUTH2_PROVIDER_FUZZ"
_EVERY_PAGE = 9


def ask(
    port: int, method: str, path: str, body: str = "", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """One request to the server at that port."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, named)
    with connection.getresponse() as answer:
        return answer, answer.read()


@dataclass(frozen=True)
class Login:
    """The administrator's browser, at a provider that has a client which needs no consent."""

    port: int
    identifier: str
    secret: str
    cookie: str

    @property
    def basic(self) -> str:
        """The header by which the client proves itself."""
        return "Basic " + base64.b64encode(f"{self.identifier}:{self.secret}".encode()).decode()

    def code(self) -> str:
        """A new authorization code, not redeemed."""
        sent = {
            "response_type": "code",
            "client_id": self.identifier,
            "redirect_uri": CALLBACK,
            "scope": "openid profile offline_access",
            "nonce": "n",
        }
        address, cookie = "/oauth2/authorize?" + urlencode(sent), self.cookie
        for _page in range(_EVERY_PAGE):
            answer, _body = ask(self.port, "GET", address, Cookie=cookie)
            address = answer.getheader("Location") or ""
            cookie = "; ".join([cookie, *_cookies(answer)])
            if address.startswith(CALLBACK):
                break
        (code,) = parse_qs(urlsplit(address).query)["code"]
        return code

    def tokens(self) -> dict[str, str]:
        """A new token answer."""
        form = {"grant_type": "authorization_code", "code": self.code(), "redirect_uri": CALLBACK}
        body = urlencode(form)
        headers = {"Authorization": self.basic, "Content_Type": FORM}
        _answer, content = ask(self.port, "POST", "/oauth2/token", body, **headers)
        return dict(json.loads(content))


def log_in(port: int, database: str, identifier: str, secret: str) -> Login:
    """:param identifier: of a client that is trusted and may do everything"""
    params = {"db": database, "login": "admin", "password": "admin"}
    address, body = "/web/session/authenticate", json.dumps({"params": params})
    answer, content = ask(port, "POST", address, body, Content_Type="application/json")
    assert json.loads(content)["result"]["uid"]
    cookie = next(value for value in _cookies(answer) if value.startswith("session_id="))
    return Login(port, identifier, secret, cookie)


def _cookies(answer: http.client.HTTPResponse) -> list[str]:
    return [v.partition(";")[0] for name, v in answer.getheaders() if name == "Set-Cookie"]
