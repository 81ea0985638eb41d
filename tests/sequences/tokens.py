"""What clients do with codes and tokens, owners and others."""

from __future__ import annotations

from hypothesis import strategies
from hypothesis.stateful import precondition, rule

from .cast import FORBIDDEN_SCOPES, MOSTLY, SCOPES, VERIFIERS, WHICH, form_of, other_than
from .play import Play
from .stage import pick
from .things import AccessToken, RefreshToken


class Tokens(Play):
    @rule(which=WHICH, is_owner=MOSTLY, is_proven=MOSTLY)
    def redeem(self, which: int, is_owner: bool, is_proven: bool) -> None:
        code = pick(self.truth.codes, which)
        owner = code.family.client
        verifier = code.verifier if is_proven else VERIFIERS[code.verifier == VERIFIERS[0]]
        self.redeem_code(code, owner if is_owner else other_than(owner), verifier)

    @precondition(lambda self: self.truth.used_codes)
    @rule(which=WHICH, taken=strategies.sampled_from(("", "openid profile email")))
    def redeem_again(self, which: int, taken: str) -> None:
        """A replay ends the family whatever the client may have at that moment."""
        code = pick(self.truth.used_codes, which)
        client = code.family.client
        with self.scope_without(client, taken):
            self.redeem_code(code, client, code.verifier)

    @rule(
        which=WHICH,
        is_owner=MOSTLY,
        scope=strategies.sampled_from(("",) * 12 + SCOPES + FORBIDDEN_SCOPES),
    )
    def refresh(self, which: int, is_owner: bool, scope: str) -> None:
        token = pick(self.truth.refresh_tokens, which)
        owner = token.family.client
        self.refresh_with(token, owner if is_owner else other_than(owner), scope)

    @rule(which=WHICH, taken=strategies.sampled_from(("", "", "email")))
    def refresh_with_the_latest(self, which: int, taken: str) -> None:
        unused = [t for t in self.truth.refresh_tokens if self.truth.lives(t)]
        if unused:
            token = pick(unused, which)
            client = token.family.client
            with self.scope_without(client, taken):
                self.refresh_with(token, client)

    @precondition(lambda self: self.truth.used_refresh_tokens)
    @rule(which=WHICH, pause=strategies.sampled_from((0, 5, 11)))
    def refresh_with_an_old_one(self, which: int, pause: int) -> None:
        self.provider.clock.advance(pause)
        token = pick(self.truth.used_refresh_tokens, which)
        self.refresh_with(token, token.family.client)

    @rule(which=WHICH)
    def mistake_one_kind_for_another(self, which: int) -> None:
        token = pick(self.truth.access_tokens, which)
        for form in (
            {"grant_type": "refresh_token", "refresh_token": token.secret},
            {"grant_type": "authorization_code", "code": token.secret},
        ):
            self.ask_for_tokens(token.family.client, False, **form)

    @rule(which=WHICH, is_owner=MOSTLY)
    def revoke_an_access_token(self, which: int, is_owner: bool) -> None:
        token = pick(self.truth.access_tokens, which)
        self._revoke(token, is_owner)

    @rule(which=WHICH, is_owner=MOSTLY)
    def revoke_a_refresh_token(self, which: int, is_owner: bool) -> None:
        self._revoke(pick(self.truth.refresh_tokens, which), is_owner)

    def _revoke(self, token: AccessToken | RefreshToken, is_owner: bool) -> None:
        owner = token.family.client
        client = owner if is_owner else other_than(owner)
        response = self.post("revocation", form_of(client, token=token.secret))
        is_due = is_owner and self.truth.is_active(client)
        assert (response.status == 200) == is_due, "revoked by another, or not by its owner"
        if is_due:
            self.end(token.family)
        self.try_all_of(token.family)

    @rule()
    def look_at_everything(self) -> None:
        """What has ended before must have stayed so."""
        for family in self.truth.families:
            self.try_all_of(family)
