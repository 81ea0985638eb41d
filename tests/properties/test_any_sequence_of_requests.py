"""Whatever clients, browsers and administrators do in whatever order: what must never happen, does not.

A machine of Hypothesis plays random sequences against a whole provider in memory. What it knows of the truth it keeps
beside the provider: who agreed to what, what was handed out, what has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fakes.provider import Provider
from fakes.registrations import ALICE, CLIENT, NATIVE_CLIENT, ODOO_CLIENT, SECRET
from fakes.wire import bearer, code_request, fragment_of, query_of
from hypothesis import settings, strategies
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule
from protocol.entities.client import Client
from protocol.messages import Parameters, Request, Response
from protocol.pkce import challenge_of
from protocol.request_checks import FORM
from protocol.secret_hashing import hash_secret

CLIENTS = (CLIENT, ODOO_CLIENT, NATIVE_CLIENT)
VERIFIERS = ("v" * 43, "w" * 43)
SCOPES = ("openid", "openid email", "openid profile email", "email", "openid phone", "admin")
FOREIGN_ADDRESSES = (
    "https://app.example.com/cb/../evil",
    "https://app.example.com.evil.example/cb",
    "https://evil.example/cb",
    "javascript:alert(1)",
    "//evil.example",
)
# What goes right most of the time, so that sequences get far.
MOSTLY = strategies.sampled_from((True, True, True, False))


@dataclass(frozen=True)
class Code:
    secret: str
    client: Client
    verifier: str
    redirect_uri: str
    scope: frozenset[str]


@dataclass(frozen=True)
class Token:
    secret: str
    client: Client
    scope: frozenset[str]
    is_refresh: bool = False


def form_of(client: Client, **members: str) -> dict[str, str]:
    secret = {"client_secret": SECRET} if client.secrets else {}
    return {"client_id": client.client_identifier, **secret, **members}


def other_than(client: Client) -> Client:
    return NATIVE_CLIENT if client == CLIENT else CLIENT


class AnySequence(RuleBasedStateMachine):
    codes = Bundle("codes")
    tokens = Bundle("tokens")
    refresh_tokens = Bundle("refresh_tokens")

    @initialize()
    def start(self) -> None:
        self.provider = Provider(*CLIENTS)
        self.provider.log_in()
        self.agreed: dict[int, frozenset[str]] = {client.id: frozenset() for client in CLIENTS}
        self.redeemed: set[str] = set()
        self.replaced: dict[str, tuple[str, int]] = {}
        self.revoked: set[int] = set()

    # Browsers

    @rule(
        target=codes,
        client=strategies.sampled_from((CLIENT, NATIVE_CLIENT)),
        scope=strategies.sampled_from(SCOPES[:3] * 2 + SCOPES),
        verifier=strategies.sampled_from(VERIFIERS),
        decision=strategies.sampled_from(("allow", "allow", "allow", "deny", "allow ")),
    )
    def authorize(self, client: Client, scope: str, verifier: str, decision: str) -> object:
        return self._code(client, scope, verifier, decision) or multiple()

    @rule(
        target=tokens,
        scope=strategies.sampled_from(SCOPES),
        decision=strategies.sampled_from(("allow", "deny")),
    )
    def authorize_implicitly(self, scope: str, decision: str) -> object:
        request = {
            "response_type": "token",
            "client_id": ODOO_CLIENT.client_identifier,
            "redirect_uri": ODOO_CLIENT.redirect_uris[0],
            "scope": scope,
            "state": "st",
        }
        response = self._answer(ODOO_CLIENT, request, decision)
        members = fragment_of(response) if self._is_for(ODOO_CLIENT, response) else {}
        assert "refresh_token" not in members
        if "access_token" not in members:
            return multiple()
        asked = frozenset(scope.split())
        assert asked <= self.agreed[ODOO_CLIENT.id], "a token without a yes"
        return Token(members["access_token"], ODOO_CLIENT, asked)

    @rule(
        client=strategies.sampled_from(CLIENTS),
        redirect_uri=strategies.sampled_from(FOREIGN_ADDRESSES) | strategies.text(max_size=40),
        changes=strategies.dictionaries(
            strategies.sampled_from(
                ("response_type", "scope", "state", "response_mode", "prompt", "code_challenge")
            ),
            strategies.text(max_size=20),
        ),
    )
    def ask_with_a_foreign_address(
        self, client: Client, redirect_uri: str, changes: dict[str, str]
    ) -> None:
        request = code_request(
            client_id=client.client_identifier, **changes, redirect_uri=redirect_uri or "x"
        )
        response = self.provider.ask(request)
        assert response.location is None, "redirected before the address was proven"
        assert response.page is not None
        assert response.status == 400

    # Clients

    @rule(
        targets=(tokens, refresh_tokens),
        client=strategies.sampled_from((CLIENT, NATIVE_CLIENT)),
        scope=strategies.sampled_from(SCOPES[:3]),
    )
    def log_in(self, client: Client, scope: str) -> object:
        """The whole way at once, so that sequences get to tokens soon."""
        code = self._code(client, scope, VERIFIERS[0], "allow")
        tokens = self._redeem(code, client, code.verifier) if code else []
        return multiple(*tokens[1:])

    @rule(
        target=tokens,
        code=codes,
        is_owner=MOSTLY,
        is_proven=MOSTLY,
    )
    def redeem(self, code: Code, is_owner: bool, is_proven: bool) -> object:
        client = code.client if is_owner else other_than(code.client)
        verifier = code.verifier if is_proven else VERIFIERS[code.verifier == VERIFIERS[0]]
        return multiple(*self._redeem(code, client, verifier)[:1])

    @rule(
        targets=(tokens, refresh_tokens),
        token=refresh_tokens,
        is_owner=MOSTLY,
        scope=strategies.sampled_from(("", "", "", *SCOPES)),
    )
    def refresh(self, token: Token, is_owner: bool, scope: str) -> object:
        client = token.client if is_owner else other_than(token.client)
        form = form_of(client, grant_type="refresh_token", refresh_token=token.secret)
        response = self._post("token", form | ({"scope": scope} if scope else {}))
        if response.status != 200:
            self._check_refusal(response)
            return multiple()
        assert token.is_refresh, "an access token refreshed"
        assert client == token.client, "a refresh token used by another client"
        assert self._authorization_of(token) not in self.revoked, "what was revoked lives again"
        tokens = self._tokens(response, client, token.scope)
        if token.secret in self.replaced:
            self._check_repetition(token, tokens[1])
            return multiple()
        self.replaced[token.secret] = tokens[1].secret, self.provider.clock.now()
        self._introspect(token)
        return multiple(*tokens[1:])

    def _check_repetition(self, token: Token, successor: Token) -> None:
        before, at = self.replaced[token.secret]
        assert successor.secret == before, "a second chain"
        assert before not in self.replaced, "two generations back"
        grace = token.client.refresh_token_grace
        assert self.provider.clock.now() - at < grace, "a refresh token used twice"

    @rule(token=tokens)
    def read_userinfo(self, token: Token) -> None:
        response = self.provider.server.handle(
            "userinfo", Request("GET", headers=bearer(token.secret))
        )
        is_dead = self._authorization_of(token) in self.revoked
        if response.status == 200:
            assert not token.is_refresh, "a refresh token opened UserInfo"
            assert not is_dead, "what was revoked lives again"
            assert token.client != ODOO_CLIENT, "a token of another Odoo at the plain address"
            assert response.json is not None
            assert response.json["sub"] == ALICE.public_subject
            if "email" in response.json:
                assert "email" in token.scope

    @rule(token=tokens, is_owner=MOSTLY)
    def revoke(self, token: Token, is_owner: bool) -> None:
        client = token.client if is_owner else other_than(token.client)
        response = self._post("revocation", form_of(client, token=token.secret))
        if response.status == 200:
            assert client == token.client or self._authorization_of(token) in self.revoked
        self._note_revocations()

    @rule(token=tokens)
    def introspect(self, token: Token) -> None:
        self._introspect(token)

    # Time and administrators

    @rule(seconds=strategies.sampled_from((1, 1, 1, 1, 1, 59, 61, 3601, 31 * 86400)))
    def wait(self, seconds: int) -> None:
        self.provider.clock.advance(seconds)

    @rule(client=strategies.sampled_from((CLIENT, NATIVE_CLIENT)), is_trusted=strategies.booleans())
    def trust(self, client: Client, is_trusted: bool) -> None:
        self.provider.change_client(client.id, is_trusted=is_trusted)
        if is_trusted:
            self.agreed[client.id] |= client.scope | {"offline_access"}

    @rule(is_active=MOSTLY)
    def archive_the_user(self, is_active: bool) -> None:
        self.provider.change_user(is_active=is_active)

    @rule(client=strategies.sampled_from(CLIENTS))
    def withdraw_scope(self, client: Client) -> None:
        self.provider.change_client(client.id, scope=client.scope - {"email"})

    @rule(client=strategies.sampled_from(CLIENTS))
    def give_scope_back(self, client: Client) -> None:
        self.provider.change_client(client.id, scope=client.scope)

    # What the rules share

    def _answer(self, client: Client, request: dict[str, str], decision: str) -> Response:
        response = self.provider.ask(request)
        if not self._is_going_on(response):
            return response
        response = self.provider.go_on(query_of(response)["rid"])
        if response.page is None or response.page.name != "consent":
            return response
        if decision == "allow":
            self.agreed[client.id] |= frozenset(request["scope"].split())
        return self.provider.decide(str(response.page.values["rid"]), decision)

    def _is_going_on(self, response: Response) -> bool:
        path = urlsplit(response.location or "").path
        return path == "/oauth2/authorize/continue"

    def _is_for(self, client: Client, response: Response) -> bool:
        if response.location is None:
            return False
        assert response.location.startswith(client.redirect_uris), "an answer to somebody else"
        return True

    def _post(self, endpoint: str, form: dict[str, str]) -> Response:
        request = Request("POST", form=Parameters(tuple(form.items())), mimetype=FORM)
        response = self.provider.server.handle(endpoint, request)
        self._note_revocations()
        return response

    def _check_refusal(self, response: Response) -> None:
        assert response.json is not None
        assert set(response.json) == {"error", "error_description"}
        assert ("Cache-Control", "no-store") in response.headers

    def _code(self, client: Client, scope: str, verifier: str, decision: str) -> Code | None:
        redirect_uri = client.redirect_uris[0]
        request = code_request(
            client_id=client.client_identifier,
            redirect_uri=redirect_uri,
            scope=scope,
            code_challenge=challenge_of(verifier),
        )
        response = self._answer(client, request, decision)
        code = query_of(response).get("code") if self._is_for(client, response) else None
        if code is None:
            return None
        asked = frozenset(scope.split())
        assert asked <= self.agreed[client.id], "a code without a yes"
        return Code(code, client, verifier, redirect_uri, asked)

    def _redeem(self, code: Code, client: Client, verifier: str) -> list[Token]:
        response = self._post(
            "token",
            form_of(
                client,
                grant_type="authorization_code",
                code=code.secret,
                redirect_uri=code.redirect_uri,
                code_verifier=verifier,
            ),
        )
        if response.status != 200:
            self._check_refusal(response)
            return []
        assert client == code.client, "a code redeemed by another client"
        assert verifier == code.verifier, "a code redeemed without its proof"
        assert code.secret not in self.redeemed, "a code redeemed twice"
        self.redeemed.add(code.secret)
        return self._tokens(response, client, code.scope)

    def _tokens(self, response: Response, client: Client, scope: frozenset[str]) -> list[Token]:
        assert response.json is not None
        granted = frozenset(str(response.json["scope"]).split())
        assert granted <= scope, "a scope wider than granted"
        tokens = [Token(str(response.json["access_token"]), client, granted)]
        if "refresh_token" in response.json:
            tokens.append(Token(str(response.json["refresh_token"]), client, scope, True))
        return tokens

    def _introspect(self, token: Token) -> None:
        response = self._post("introspection", form_of(CLIENT, token=token.secret))
        assert response.json is not None
        if response.json["active"]:
            assert token.client == CLIENT
            assert self._authorization_of(token) not in self.revoked, "a revoked token is active"
            assert token.secret not in self.replaced, "a replaced refresh token is active"
            assert frozenset(str(response.json["scope"]).split()) <= token.scope

    def _authorization_of(self, token: Token) -> int:
        return self.provider.store.tokens[hash_secret(token.secret)].authorization_id

    def _note_revocations(self) -> None:
        self.revoked |= {revoked for revoked, _reason, _at in self.provider.store.revocations}


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=60, stateful_step_count=40)
