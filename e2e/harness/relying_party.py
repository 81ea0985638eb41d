"""What an application does, as plain HTTP: asks for authorization, redeems its code, uses its tokens."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import requests

from .applications import Application, create_application
from .plain_http import TIMEOUT, HttpBrowser, answer_of
from .systems import System

REDIRECT_URI = "https://client.example/callback"
SCOPE = "openid profile email"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636 §4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class RelyingParty:
    """An application together with its provider. In every call a parameter set to None is left out."""

    provider: System
    application: Application
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def identifier(self) -> str:
        return self.application.identifier

    @property
    def redirect_uri(self) -> str:
        return self.application.redirect_uri

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """A complete authorization request for a code."""
        return _present(
            {
                "response_type": "code",
                "client_id": self.identifier,
                "redirect_uri": self.redirect_uri,
                "scope": SCOPE,
                "state": "some state",
                "code_challenge": challenge_of(self.verifier),
                "code_challenge_method": "S256",
            }
            | changes
        )

    def implicit_parameters(self, **changes: str | None) -> dict[str, str]:
        """A complete authorization request as a stock Odoo sends it."""
        without = {"code_challenge": None, "code_challenge_method": None}
        return self.parameters(response_type="token", **without, **changes)

    def code(self, browser: HttpBrowser, **changes: str | None) -> str:
        """Let the person of the browser agree; returns the code."""
        return self.authorization_answer(browser, self.parameters(**changes))["code"]

    def authorization_answer(
        self, browser: HttpBrowser, parameters: dict[str, str]
    ) -> dict[str, str]:
        """Let the person of the browser agree if asked; returns what the client is told."""
        response = browser.authorize(parameters)
        if response.status_code == 200:
            response = browser.decide(response, "allow")
        return answer_of(response)

    def token_request(
        self, form: dict[str, str | None], path: str = "/oauth2/token", **options: Any
    ) -> requests.Response:
        """POST a form to the token endpoint, with the client's credentials in it unless it says otherwise."""
        credentials = {
            "client_id": self.identifier,
            "client_secret": self.application.secret or None,
        }
        return requests.post(
            self.provider.url + path,
            data=_present(credentials | form),
            timeout=TIMEOUT,
            allow_redirects=False,
            **options,
        )

    def redeem(self, code: str, **changes: str | None) -> requests.Response:
        """Send the code to the token endpoint."""
        return self.token_request(self.redemption(code) | changes)

    def redemption(self, code: str) -> dict[str, str | None]:
        """The form of a token request, without credentials."""
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        }

    def refresh(self, refresh_token: str, **changes: str | None) -> requests.Response:
        """Send a refresh token to the token endpoint."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.token_request(form | changes)

    def device_codes(self) -> dict[str, Any]:
        """What a device shows its person, and what it asks with (RFC 8628 §3.2)."""
        return self.token_request({"scope": "openid"}, "/oauth2/device_authorization").json()

    def poll(self, device_code: str) -> requests.Response:
        """Ask whether the person has decided (RFC 8628 §3.4)."""
        return self.token_request({"grant_type": DEVICE_GRANT, "device_code": device_code})

    def tokens(self, browser: HttpBrowser, **changes: str | None) -> dict[str, Any]:
        """Let the person agree, and redeem the code."""
        response = self.redeem(self.code(browser, **changes))
        assert response.status_code == 200, response.text
        return response.json()

    def userinfo(self, token: str, path: str = "/oauth2/userinfo") -> requests.Response:
        """Show an access token to a protected resource, in the header."""
        return requests.get(
            self.provider.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT
        )

    def accepts(self, token: str) -> bool:
        """Whether the provider says that the access token lives; a refusal must be the standard one."""
        response = self.userinfo(token)
        if response.status_code == 200:
            return True
        assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
        return False


def told(browser: HttpBrowser, parameters: dict[str, str]) -> dict[str, str]:
    """What the client is told; the address and the state must be those of the request, the issuer ours."""
    response = browser.authorize(parameters)
    answer = answer_of(response)
    assert response.headers["Location"].startswith(parameters["redirect_uri"])
    assert answer["state"] == parameters["state"]
    assert answer["iss"] == browser.base
    return answer


def register(provider: System, redirect_uri: str = REDIRECT_URI, **values: Any) -> RelyingParty:
    """Register an application as strictly as an administrator does who ticks nothing but "trusted"."""
    fixed = {"local_development": False, "is_trusted": True}
    return RelyingParty(provider, create_application(provider, redirect_uri, **fixed | values))


def _present(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
