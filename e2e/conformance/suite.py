"""What a module works with: the metadata, a person, clients that register themselves, logins that they ask for."""

import functools
import html
import itertools
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests

from e2e.harness.people import Person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.systems import System
from e2e.harness.web_site import WebSite

from .client import Client, Keys
from .conditions import (
    check_half_hash,
    check_id_token,
    check_tokens,
    check_userinfo,
)
from .plans import Variant

_numbers = itertools.count(1)


@dataclass
class Login:
    """What one authorization request has brought the client, so far."""

    request: dict[str, str]
    answer: dict[str, str]
    claims: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)

    @property
    def access_token(self) -> str:
        """The last one."""
        return str(self.tokens.get("access_token") or self.answer["access_token"])

    @property
    def id_token(self) -> str:
        return str(self.tokens.get("id_token") or self.answer["id_token"])


@dataclass
class Suite:
    """`site`: the suite's own server. `initial_token`: allows registrations. `logged_in`: a browser of the person."""

    provider: System
    site: WebSite
    person: Person
    initial_token: str
    logged_in: HttpBrowser

    @functools.cached_property
    def metadata(self) -> dict[str, Any]:
        address = f"{self.provider.url}/.well-known/openid-configuration"
        return dict(requests.get(address, timeout=TIMEOUT).json())

    def server_keys(self) -> jwt.PyJWKSet:
        document = requests.get(self.metadata["jwks_uri"], timeout=TIMEOUT).json()
        return jwt.PyJWKSet.from_dict(document)

    def visitor(self) -> HttpBrowser:
        """A browser in which nobody is logged in."""
        return HttpBrowser(self.provider)

    def person_browser(self) -> HttpBrowser:
        """One in which the person is logged in already."""
        return self.logged_in.copy()

    def address(self, path: str) -> str:
        """Of the suite's own server, to be called from here or by the provider."""
        return f"{self.site.url('localhost')}{path}"

    def try_to_register(
        self, variant: Variant, keys: Keys | None = None, **changes: Any
    ) -> requests.Response:
        """Register as the suite does; a member changed to None is left out."""
        grants = (["authorization_code"] if variant.has_code else []) + (
            ["implicit"] if variant.parts != {"code"} else []
        )
        members = {
            "client_name": f"Conformance {next(_numbers)}",
            "grant_types": grants,
            "response_types": [variant.response_type],
            "redirect_uris": [self.address(f"/{secrets.token_hex(4)}/callback")],
            "token_endpoint_auth_method": variant.client_auth,
            "contacts": ["certification@example.com"],
            "jwks": (keys or Keys()).document(),
        } | changes
        return requests.post(
            self.metadata["registration_endpoint"],
            json={name: value for name, value in members.items() if value is not None},
            headers={"Authorization": f"Bearer {self.initial_token}"},
            timeout=TIMEOUT,
        )

    def register(self, variant: Variant, keys: Keys | None = None, **changes: Any) -> Client:
        response = self.try_to_register(variant, keys, **changes)
        assert response.status_code == 201, response.text
        assert response.headers["Content-Type"].startswith("application/json")
        registration = response.json()
        assert None not in registration.values()
        assert ("client_secret" in registration) is (variant.client_auth != "private_key_jwt")
        if "client_secret" in registration:
            assert type(registration["client_secret_expires_at"]) is int
        assert registration["registration_client_uri"]
        assert registration["registration_access_token"]
        return Client(variant, registration, self.metadata, keys or Keys())

    def request(self, client: Client, **changes: str | None) -> dict[str, str]:
        """An authorization request; a parameter changed to None is left out."""
        variant = client.variant
        parameters = {
            "client_id": client.identifier,
            "redirect_uri": client.redirect_uri,
            "scope": "openid",
            "state": secrets.token_urlsafe(8),
            "nonce": secrets.token_urlsafe(8),
            "response_type": variant.response_type,
            "response_mode": "form_post" if variant.response_mode == "form_post" else None,
        } | changes
        return {name: value for name, value in parameters.items() if value is not None}

    def go(
        self, browser: HttpBrowser, request: dict[str, str], method: str = "GET"
    ) -> requests.Response:
        """Bring the request, log in if asked, and agree; ends at the client, or at a page that none of this leaves."""
        response = browser.authorize(request, method)
        if 'name="password"' in response.text:
            response = self.log_in(browser, response)
        if 'id="oauth2_consent"' in response.text:
            response = browser.decide(response, "allow")
        return response

    def log_in(self, browser: HttpBrowser, page: requests.Response) -> requests.Response:
        """Fill in the login page, or the one that asks again."""
        if 'id="oauth2_reauthenticate"' not in page.text:
            return browser.log_in(self.person, page)
        names = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        form = {name: html.unescape(value) for name, value in names}
        return browser.submit(
            f"{self.provider.url}/oauth2/authorize/reauthenticate",
            form | {"login": self.person.login, "password": self.person.password},
        )

    def callback(
        self, client: Client, request: dict[str, str], response: requests.Response
    ) -> dict[str, str]:
        """What reached the client, from where the response mode says and from nowhere else."""
        answer = self._parameters(client, request, response)
        assert answer.get("state") == request.get("state")
        assert answer["iss"] == self.metadata["issuer"]
        return answer

    def _parameters(
        self, client: Client, request: dict[str, str], response: requests.Response
    ) -> dict[str, str]:
        if request.get("response_mode") == "form_post":
            return _form_of(response, client.redirect_uri)
        assert response.status_code in (302, 303), f"{response.status_code} {response.text[-1500:]}"
        location = response.headers["Location"]
        assert location.startswith(client.redirect_uri)
        parts = urlsplit(location)
        own = parse_qsl(urlsplit(client.redirect_uri).query)
        query, fragment = parse_qsl(parts.query), parse_qsl(parts.fragment)
        assert query[: len(own)] == own
        query = query[len(own) :]
        # RFC 6749 §4.1: what is not asked for in another way, and an error without response type, is in the query.
        told, empty = (
            (query, fragment)
            if request.get("response_type", "code") == "code"
            else (fragment, query)
        )
        assert not empty, location
        assert len(dict(told)) == len(told), told
        return dict(told)

    def succeed(
        self,
        client: Client,
        browser: HttpBrowser | None = None,
        *,
        method: str = "GET",
        sent: dict[str, str] | None = None,
        requested_claims: frozenset[str] = frozenset(),
        verifier: str | None = None,
        **changes: str | None,
    ) -> Login:
        """A whole login with everything that is checked of each. `sent`: instead of the request itself."""
        request = self.request(client, **changes)
        response = self.go(browser or self.person_browser(), sent or request, method)
        login = Login(request, self.callback(client, request, response))
        assert "error" not in login.answer, login.answer
        names = {"token": "access_token"}
        parts = {names.get(part, part) for part in client.variant.parts}
        assert parts == login.answer.keys() & {"code", "id_token", "access_token"}
        keys, nonce = self.server_keys(), request.get("nonce")
        if "id_token" in parts:
            login.claims = check_id_token(
                client, keys, login.answer["id_token"], nonce=nonce, requested=requested_claims
            )
            for member, artefact in (("at_hash", "access_token"), ("c_hash", "code")):
                if artefact in parts:
                    check_half_hash(login.claims, member, login.answer[artefact])
        if "access_token" in parts:
            assert login.answer["token_type"].lower() == "bearer"
        if "code" in parts:
            self._redeem(client, login, keys, verifier, requested_claims)
        if client.variant.has_access_token:
            self.userinfo(login, subject=login.claims.get("sub"))
        return login

    def _redeem(
        self,
        client: Client,
        login: Login,
        keys: jwt.PyJWKSet,
        verifier: str | None,
        requested: frozenset[str],
    ) -> None:
        assert len(login.answer["code"]) >= 22
        response = client.redeem(login.answer["code"], code_verifier=verifier)
        login.tokens = check_tokens(response)
        claims = check_id_token(
            client,
            keys,
            login.tokens["id_token"],
            nonce=login.request.get("nonce"),
            requested=requested,
        )
        if login.claims:
            same = ("iss", "sub")
            assert [claims[name] for name in same] == [login.claims[name] for name in same]
        if "at_hash" in claims:
            check_half_hash(claims, "at_hash", login.tokens["access_token"])
        login.claims = claims

    def renew(self, client: Client, login: Login, **changes: str | None) -> None:
        """Use the refresh token; the answer is what the login has brought from now on."""
        before = login.tokens
        login.tokens = before | check_tokens(client.refresh(before["refresh_token"], **changes))
        assert login.tokens["access_token"] != before["access_token"]
        login.claims = check_id_token(
            client, self.server_keys(), login.tokens["id_token"], nonce=None
        )

    def userinfo(
        self, login: Login, how: str = "header", subject: str | None = None
    ) -> dict[str, Any]:
        address = self.metadata["userinfo_endpoint"]
        header = {"Authorization": f"Bearer {login.access_token}"}
        response = {
            "header": lambda: requests.get(address, headers=header, timeout=TIMEOUT),
            "post header": lambda: requests.post(address, headers=header, timeout=TIMEOUT),
            "post body": lambda: requests.post(
                address, data={"access_token": login.access_token}, timeout=TIMEOUT
            ),
        }[how]()
        return check_userinfo(response, subject or self.subject_of(login))

    def subject_of(self, login: Login) -> str:
        return str(login.claims["sub"])


def _form_of(response: requests.Response, redirect_uri: str) -> dict[str, str]:
    """The form that sends itself to the client (OAuth 2.0 Form Post Response Mode §2)."""
    assert response.status_code == 200, f"{response.status_code} {response.headers}"
    assert "no-store" in response.headers["Cache-Control"]
    form = re.search(r'<form id="oauth2_form_post" method="post" action="([^"]*)">', response.text)
    assert form is not None, response.text[-1500:]
    assert html.unescape(form[1]) == redirect_uri
    assert '<button type="submit">' in response.text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.text)
    return {html.unescape(name): html.unescape(value) for name, value in fields}
