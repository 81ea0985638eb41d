"""Tokens without a browser: of a service itself, exchanged ones, and for the word of another server."""

from __future__ import annotations

from fakes.assertions import signed
from fakes.provider import ISSUER
from fakes.registrations import ALICE, ROBOT
from hypothesis import strategies
from hypothesis.stateful import precondition, rule
from protocol.entities.client import Client
from protocol.entities.end_user import EndUser
from protocol.grants.token_exchange import ACCESS_TOKEN_TYPE

from .cast import EXCHANGE, JWT_BEARER, MOSTLY, NATIVE, PARTNER, SERVICE, WEB, WHICH
from .play import Play
from .stage import pick, some
from .things import Assertion, Family

SOME_SERVICE = strategies.sampled_from((WEB, SERVICE, SERVICE, NATIVE))
WANTED = strategies.sampled_from(("", "", "", "", "email", "email profile", "openid", "admin"))


class Services(Play):
    @rule(client=SOME_SERVICE, scope=WANTED)
    def act_for_itself(self, client: Client, scope: str) -> None:
        granted = self.truth.of_service(client, scope)
        is_due = client is not NATIVE and self.truth.is_active(client) and bool(granted)
        form = {"grant_type": "client_credentials", "scope": scope}
        self._begin(client, ROBOT, granted, is_due and self.truth.is_active(ROBOT), form)

    @rule(which=WHICH, client=SOME_SERVICE, scope=WANTED)
    def exchange(self, which: int, client: Client, scope: str) -> None:
        shown = pick(self.truth.access_tokens, which)
        form = {
            "grant_type": EXCHANGE,
            "subject_token": shown.secret,
            "subject_token_type": ACCESS_TOKEN_TYPE,
            "scope": scope,
        }
        is_due = client is not NATIVE and self.truth.exchanges(shown, client, scope)
        granted = self.truth.of_service(client, scope, shown.scope)
        family = self._begin(client, shown.family.user, granted, is_due, form)
        if family is not None:
            family.origin = shown.family
            family.actors = shown.family.actors + 1
            token = self.truth.access_tokens[-1]
            assert token.expires_at <= shown.expires_at, "it outlives what it was exchanged for"

    @rule()
    def vouch(self) -> None:
        self._vouch()

    def _vouch(self) -> None:
        """Another server writes an assertion about Alice."""
        end = self.truth.now + 60
        claims = {
            "iss": PARTNER.issuer,
            "sub": ALICE.login,
            "aud": ISSUER,
            "exp": end,
            "jti": str(len(self.truth.assertions)),
        }
        self.truth.assertions.append(Assertion(signed(claims), end))

    @precondition(some("assertions"))
    @rule(which=WHICH, is_owner=MOSTLY, scope=WANTED)
    def act_for_person(self, which: int, is_owner: bool, scope: str) -> None:
        self._act(pick(self.truth.assertions, which), is_owner, scope)

    @rule()
    def act_for_person_twice(self) -> None:
        self._vouch()
        for _time in range(2):
            self._act(self.truth.assertions[-1])

    def _act(self, assertion: Assertion, is_owner: bool = True, scope: str = "") -> None:
        client = SERVICE if is_owner else WEB
        granted = self.truth.of_service(client, scope)
        is_heard = (
            is_owner
            and self.truth.is_active(client)
            and not assertion.is_used
            and self.truth.now < assertion.expires_at
        )
        is_due = is_heard and self.truth.is_active(ALICE) and bool(granted)
        form = {"grant_type": JWT_BEARER, "assertion": assertion.text, "scope": scope}
        assertion.is_used |= is_heard
        self._begin(client, ALICE, granted, is_due, form)

    def _begin(
        self,
        client: Client,
        user: EndUser,
        granted: frozenset[str],
        is_due: bool,
        form: dict[str, str],
    ) -> Family | None:
        response = self.ask_for_tokens(client, is_due, **form)
        if response is None:
            return None
        assert response.json is not None
        assert not response.json.keys() & {"refresh_token", "id_token"}
        family = self.truth.begin(client, user, granted)
        self.take_access_token(response.json, family, granted)
        return family
