"""The witness: takes what is handed out, and holds what the provider says of it against the truth."""

from __future__ import annotations

from typing import Any

from fakes.wire import bearer
from protocol.entities.client import Client
from protocol.messages import Request

from .cast import ODOO, RESOURCE_SERVER, form_of
from .stage import Stage
from .things import AccessToken, Family, RefreshToken


class Witness(Stage):
    """Introspection and UserInfo must say exactly what the truth says."""

    # Taking

    def take_access_token(
        self, members: Any, family: Family, scope: frozenset[str], issued_at: int | None = None
    ) -> AccessToken:
        """:param scope: the widest that it may have"""
        granted = frozenset(str(members["scope"]).split())
        assert granted, "a token for nothing"
        assert granted <= scope & self.truth.may_have(family.client), "a scope wider than granted"
        born = self.truth.now if issued_at is None else issued_at
        token = AccessToken(
            str(members["access_token"]), family, granted, born + int(members["expires_in"])
        )
        token = self.truth.add_access_token(token)
        self.look_at_access_token(token)
        return token

    def take_tokens(self, members: Any, family: Family) -> None:
        """The first tokens of a family."""
        self.take_access_token(members, family, family.scope)
        self.look_at_refresh_token(
            self.truth.add_refresh_token(str(members["refresh_token"]), family)
        )

    # Looking

    def look_at_access_token(self, token: AccessToken) -> None:
        described = self._introspect(RESOURCE_SERVER, token.secret)
        lives = self.truth.lives(token)
        assert described["active"] <= lives, "what is dead is called active"
        assert described["active"] >= lives, "what lives is called dead"
        if lives:
            assert frozenset(described["scope"].split()) == token.scope
            assert described["sub"] == token.family.user.public_subject
            assert described["client_id"] == token.family.client.client_identifier
        self._look_at_userinfo(token, lives)

    def _look_at_userinfo(self, token: AccessToken, lives: bool) -> None:
        is_own_address = token.family.client is ODOO
        request = Request("GET", headers=bearer(token.secret))
        plain = self.provider.server.handle("userinfo", request)
        opens = lives and "openid" in token.scope and not is_own_address
        assert (plain.status == 200) == opens, (
            "UserInfo opens for what is dead, or not for what lives"
        )
        if opens:
            assert plain.json is not None
            assert plain.json["sub"] == token.family.user.public_subject
            assert ("email" in plain.json) <= ("email" in token.scope), "a claim beyond the scope"

    def look_at_refresh_token(self, token: RefreshToken) -> None:
        """Only its own client may, which must be able to prove itself."""
        client = token.family.client
        if not client.is_public and self.truth.is_active(client):
            active = self._introspect(client, token.secret)["active"]
            assert active == self.truth.lives(token), "a refresh token is called what it is not"

    def _introspect(self, client: Client, secret: str) -> Any:
        response = self.post("introspection", form_of(client, token=secret))
        assert response.json is not None
        return response.json
