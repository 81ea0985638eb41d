"""Authorization requests through the browser, pushed ones too, and what the person decides."""

from __future__ import annotations

from urllib.parse import urlsplit

from fakes.registrations import ALICE
from fakes.wire import code_request, fragment_of, query_of, without
from hypothesis import strategies
from hypothesis.stateful import initialize, precondition, rule
from protocol.entities.client import Client
from protocol.messages import Response
from protocol.pkce import challenge_of

from .cast import (
    BROWSED,
    CLASSIC,
    FOREIGN_ADDRESSES,
    MOSTLY,
    NATIVE,
    RESPONSE_TYPES,
    SCOPES,
    SOME_BROWSED,
    SOME_SCOPE,
    VERIFIERS,
    WEB,
    WHICH,
    form_of,
    other_than,
)
from .play import Play
from .stage import pick, some
from .things import Code, Pushed, Question, Wanted


def parameters_of(wanted: Wanted) -> dict[str, str]:
    request = code_request(
        response_type=wanted.response_type,
        client_id=wanted.client.client_identifier,
        redirect_uri=wanted.redirect_uri,
        scope=" ".join(sorted(wanted.scope)),
        nonce="n",
        code_challenge=challenge_of(wanted.verifier or ""),
    )
    proven = wanted.verifier is not None
    return request if proven else without(request, "code_challenge", "code_challenge_method")


def wish(client: Client, which: int, scope: str, verifier: str) -> Wanted:
    response_type = pick(RESPONSE_TYPES[client], which)
    names = frozenset(scope.split())
    if "code" not in response_type:
        names -= {"offline_access"}
    if "id_token" in response_type:
        names = (names | {"openid"}) - {"offline_access"}
    is_proven = client.security_profile == "oauth21"
    return Wanted(client, response_type, names, verifier if is_proven else None)


class Browsers(Play):
    @initialize(client=strategies.sampled_from((WEB, NATIVE, CLASSIC)), which=WHICH)
    def start(self, client: Client, which: int) -> None:
        """So that there is a family of each thing from the beginning."""
        self._log_in(wish(client, which, "openid email", VERIFIERS[0]))

    @rule(
        client=SOME_BROWSED,
        which=WHICH,
        scope=SOME_SCOPE,
        verifier=strategies.sampled_from(VERIFIERS),
    )
    def ask(self, client: Client, which: int, scope: str, verifier: str) -> None:
        wanted = wish(client, which, scope, verifier)
        self._go_on(wanted, self.provider.ask(parameters_of(wanted)))

    @rule(client=SOME_BROWSED, which=WHICH, scope=SOME_SCOPE)
    def push(self, client: Client, which: int, scope: str) -> None:
        self._push(wish(client, which, scope, VERIFIERS[0]))

    @precondition(some("pushed"))
    @rule(which=WHICH, is_owner=MOSTLY)
    def visit(self, which: int, is_owner: bool) -> None:
        self._visit(pick(self.truth.pushed, which), is_owner)

    @rule(client=SOME_BROWSED, which=WHICH)
    def push_and_agree_twice(self, client: Client, which: int) -> None:
        """Two tabs with the same request."""
        self._push(wish(client, which, SCOPES[0], VERIFIERS[0]))
        if self.truth.pushed:
            for question in [self._visit(self.truth.pushed[-1]) for _tab in range(2)]:
                if question is not None:
                    self._decide(question, "allow")

    @precondition(some("questions"))
    @rule(which=WHICH, decision=strategies.sampled_from(("allow", "allow", "deny", "allow ")))
    def decide(self, which: int, decision: str) -> None:
        self._decide(pick(self.truth.questions, which), decision)

    @rule(
        client=SOME_BROWSED,
        which=WHICH,
        scope=strategies.sampled_from(SCOPES),
        mishap=strategies.sampled_from(("", "", "stolen", "late")),
    )
    def log_in(self, client: Client, which: int, scope: str, mishap: str) -> None:
        """The whole way at once, so that sequences get to tokens soon."""
        self._log_in(wish(client, which, scope, VERIFIERS[0]), mishap)

    @rule(
        client=SOME_BROWSED,
        redirect_uri=strategies.sampled_from(FOREIGN_ADDRESSES) | strategies.text(max_size=40),
        changes=strategies.dictionaries(
            strategies.sampled_from(
                ("response_type", "scope", "state", "response_mode", "prompt", "code_challenge")
            ),
            strategies.text(max_size=20),
        ),
        method=strategies.sampled_from(("GET", "POST")),
    )
    def ask_with_a_foreign_address(
        self, client: Client, redirect_uri: str, changes: dict[str, str], method: str
    ) -> None:
        request = code_request(
            client_id=client.client_identifier, **changes, redirect_uri=redirect_uri or "x"
        )
        response = self.provider.ask(request, method)
        assert response.location is None, "redirected before the address was proven"
        assert response.page is not None
        assert response.status == 400
        assert self.post("pushed_authorization_request", form_of(client, **request)).status >= 400

    # What the rules share

    def _push(self, wanted: Wanted) -> None:
        client = wanted.client
        form = form_of(client, **parameters_of(wanted))
        response = self.post("pushed_authorization_request", form)
        if response.status == 201:
            assert response.json is not None
            assert self.truth.is_active(client)
            assert wanted.scope <= self.truth.may_have(client)
            pushed = Pushed(wanted, str(response.json["request_uri"]), self.truth.now + 60)
            self.truth.pushed.append(pushed)

    def _visit(self, pushed: Pushed, is_owner: bool = True) -> Question | None:
        owner = pushed.wanted.client
        client = owner if is_owner else other_than(owner)
        response = self.provider.ask(
            {"client_id": client.client_identifier, "request_uri": pushed.request_uri}
        )
        if not is_owner or pushed.is_used or self.truth.now >= pushed.expires_at:
            assert response.location is None, "redirected before the address was proven"
            assert response.page is not None
            return None
        return self._go_on(pushed.wanted, response, pushed)

    def _log_in(self, wanted: Wanted, mishap: str = "") -> None:
        """:param mishap: "stolen", if others try the code first, or "late", if it has expired by then"""
        client, known = wanted.client, len(self.truth.families)
        question = self._go_on(wanted, self.provider.ask(parameters_of(wanted)))
        if question is not None:
            self._decide(question, "allow")
        is_due = (
            self.truth.is_active(client)
            and self.truth.is_active(ALICE)
            and wanted.scope <= self.truth.may_have(client)
        )
        assert (len(self.truth.families) > known) == is_due
        if is_due and "code" in wanted.response_type:
            code = self.truth.codes[-1]
            if mishap == "late":
                self.provider.clock.advance(61)
            if mishap == "stolen":
                self.redeem_code(code, client, VERIFIERS[1])
                self.redeem_code(code, other_than(client), code.verifier)
            self.redeem_code(code, client, code.verifier)

    def _go_on(
        self, wanted: Wanted, response: Response, pushed: Pushed | None = None
    ) -> Question | None:
        """From the first answer to the page that asks, or to the end."""
        if urlsplit(response.location or "").path != "/oauth2/authorize/continue":
            assert not self._handed_out(wanted, response)
            return None
        rid = query_of(response)["rid"]
        response = self.provider.go_on(rid)
        if response.page is not None and response.page.name == "consent":
            assert self.truth.is_active(ALICE), "an archived person is asked"
            shown = frozenset(response.page.values["scope"])
            assert shown == wanted.scope, "the person is not shown what is wanted"
            question = Question(wanted, rid, shown, pushed)
            self.truth.questions.append(question)
            return question
        given = self._handed_out(wanted, response)
        if given:
            is_settled = self.truth.is_settled(wanted.client, wanted.scope)
            assert is_settled, "handed out without consent or trust"
            self._take(wanted, given, pushed)
        return None

    def _decide(self, question: Question, decision: str) -> None:
        wanted = question.wanted
        response = self.provider.decide(question.rid, decision)
        given = self._handed_out(wanted, response)
        if decision == "allow" and self.truth.is_active(ALICE):
            self.truth.remembered[wanted.client.id] |= question.shown
        if given:
            assert decision == "allow", "handed out against a no"
            assert not question.is_answered, "one question answered twice"
            self._take(wanted, given, question.pushed)
        if given or decision != "allow":
            question.is_answered = True

    def _handed_out(self, wanted: Wanted, response: Response) -> dict[str, str]:
        """What the answer carries of worth; the address that it goes to is looked at."""
        if response.location is None:
            return {}
        address = response.location.partition("?")[0].partition("#")[0]
        assert address == wanted.redirect_uri, "an answer to somebody else"
        query, fragment = query_of(response), fragment_of(response)
        assert not query.keys() & {"access_token", "id_token"}, "a token where servers log it"
        assert "refresh_token" not in query | fragment
        is_of_worth = (query | fragment).keys() & {"code", "access_token", "id_token"}
        return query | fragment if is_of_worth else {}

    def _take(self, wanted: Wanted, given: dict[str, str], pushed: Pushed | None) -> None:
        truth, client = self.truth, wanted.client
        assert client in BROWSED
        assert truth.is_active(client)
        assert truth.is_active(ALICE), "an archived person logs in"
        assert wanted.scope <= truth.may_have(client), "a scope that the client may not have"
        if pushed is not None:
            assert not pushed.is_used, "a pushed request used twice"
            pushed.is_used = True
        family = truth.begin(client, ALICE, wanted.scope, waits=60 if "code" in given else 0)
        if "code" in given:
            code = Code(given["code"], family, wanted.verifier, wanted.redirect_uri, truth.now + 60)
            truth.codes.append(code)
        if "access_token" in given:
            self.take_access_token(given, family, family.scope)
