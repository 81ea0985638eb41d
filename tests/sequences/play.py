"""The play: what ends a family, and that it has ended."""

from __future__ import annotations

from protocol.entities.client import Client

from .things import Code, Family, RefreshToken
from .witness import Witness


class Play(Witness):
    """What the rules share. ``end`` is the heart: whatever must be dead is tried at once, and by chance later again."""

    def end(self, *families: Family) -> None:
        """From now on these are dead, and what was exchanged from them."""
        fresh = [family for family in families if not family.is_revoked]
        for family in fresh:
            family.is_revoked = True
        for family in fresh:
            self.try_all_of(family)

    def try_all_of(self, family: Family) -> None:
        """Look at all that was issued, and use what has ended."""
        families = set(self.truth.under(family))
        for access_token in [t for t in self.truth.access_tokens if t.family in families]:
            self.look_at_access_token(access_token)
        for refresh_token in [t for t in self.truth.refresh_tokens if t.family in families]:
            self.look_at_refresh_token(refresh_token)
            if family.has_ended:
                self.refresh_with(refresh_token, family.client)
        for code in [c for c in self.truth.codes if c.family in families]:
            if family.has_ended:
                self.redeem_code(code, family.client, code.verifier)

    def redeem_code(self, code: Code, client: Client, verifier: str | None) -> None:
        """A code is used; if it was before, the family ends."""
        truth = self.truth
        response = self.ask_for_tokens(
            client,
            truth.redeems(code, client, verifier),
            grant_type="authorization_code",
            code=code.secret,
            redirect_uri=code.redirect_uri,
            code_verifier=verifier or "",
        )
        if response is not None:
            code.is_used = True
            self.take_tokens(response.json, code.family)
        elif code.is_used and client is code.family.client and truth.is_active(client):
            self.end(code.family)

    def refresh_with(self, token: RefreshToken, client: Client, scope: str = "") -> None:
        """A refresh token is used; if it was replaced before, the family ends, but for the grace."""
        truth = self.truth
        is_repeated = truth.repeats(token)
        response = self.ask_for_tokens(
            client,
            truth.refreshes(token, client, scope),
            grant_type="refresh_token",
            refresh_token=token.secret,
            scope=scope,
        )
        if response is None:
            is_replay = token.used_at is not None and not is_repeated
            if is_replay and client is token.family.client and truth.is_active(client):
                self.end(token.family)
            return
        assert response.json is not None
        secret = str(response.json["refresh_token"])
        if token.successor is None:
            token.used_at = truth.now
            token.successor = truth.add_refresh_token(secret, token.family)
            self.look_at_refresh_token(token)
        assert token.successor.secret == secret, "a second chain"
        widest = frozenset(scope.split()) or token.family.scope
        self.take_access_token(response.json, token.family, widest, token.used_at)
