"""What an end-user is asked for and agreed to (RFC 6749 §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..claims_request import NO_CLAIMS, ClaimsRequest
from ..messages import Parameters
from .client import Client
from .end_user import EndUser
from .resource import AuthorizationDetails


@dataclass(frozen=True)
class AuthorizationRequest:
    """A validated authorization request that waits: for its end-user in one browser, or, pushed, for any browser.

    ``browser_hash``: of the proof that the browser started it; a pushed one has none (RFC 9126).
    ``created_at``: with its fraction, unlike other times: a login just before it is none for it.
    ``pushed_hash``: the handle of the pushed request that it goes back to; both are completed together, once.
    """

    handle_hash: str
    browser_hash: str | None
    client_identifier: str
    parameters: Parameters
    created_at: float
    expires_at: int
    completed_at: int | None = None
    pushed_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What an authorization stands on, as far as that may be taken away from its end-user: itself, or one that it was
    derived from.

    ``is_revoked``: it was ended itself, by whomever.
    ``epoch``: how often the access of its end-user and that of its client had been ended when it was given. Both only
    grow, so it dies with the next time that either is ended, even if whoever ends it could not see it yet.
    ``client_epoch``: how often that of the client has been ended by now.
    ``access_ended_at``: access tokens issued until then are dead: its end-user has logged out, and it stays.
    ``client_has_groups``: whether the client is for members of some groups alone.
    """

    id: int
    client_identifier: str
    client_is_active: bool
    client_epoch: int = 0
    client_has_groups: bool = False
    internal_users_only: bool = False
    epoch: int = 0
    is_revoked: bool = False
    access_ended_at: int | None = None

    def holds_for(self, user: EndUser) -> bool:
        return (
            not self.is_revoked
            and self.epoch == user.epoch + self.client_epoch
            and self.client_is_active
            and (user.is_internal or not self.internal_users_only)
        )


@dataclass(frozen=True, kw_only=True)
class Authorization(Ground):
    """What one "yes" of one end-user created; every code and token hangs on it and dies with it.

    ``identifier``: 256 random bits by which a token that is stored nowhere names its authorization.
    ``is_offline``: it outlives the login session that it came from.
    ``audience``: the resources that were asked for (RFC 8707); empty if none was.
    ``act``: who acts for the end-user, the latest outermost (RFC 8693 §4.1); None if the client alone does.
    ``origins``: the authorizations that this one was derived from, the nearest last; it dies with any of them, and ends
    no later.
    """

    client_id: int
    security_profile: str
    user: EndUser
    scope: frozenset[str]
    created_at: int
    expires_at: int
    identifier: str = ""
    is_offline: bool = False
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()
    act: Mapping[str, Any] | None = None
    origins: tuple[Ground, ...] = ()
    auth_time: int | None = None
    nonce: str | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    claims: ClaimsRequest = NO_CLAIMS
    userinfo_signed_response_alg: str | None = None
    sector_identifier: str | None = None
    has_own_claims: bool = False
    session_hash: str = ""

    @property
    def reference(self) -> AuthorizationReference:
        return AuthorizationReference(self.id, self.client_id, self.user.id, self.is_revoked)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """All of them must hold: those of its origins, and its own last."""
        return (*self.origins, self)

    def is_live(self, now: int) -> bool:
        """Whether anything issued under it may still be used."""
        return (
            now < self.expires_at
            and self.user.is_active
            and all(ground.holds_for(self.user) for ground in self.grounds)
        )


@dataclass(frozen=True)
class AuthorizationReference:
    """What there is to know of an authorization for who only wants to end it."""

    id: int
    client_id: int
    user_id: int
    is_revoked: bool


def about_client(client: Client) -> dict[str, Any]:
    """What an authorization tells of its client, from one that the request has read; so it is active."""
    return {
        "client_identifier": client.client_identifier,
        "client_is_active": True,
        "client_epoch": client.epoch,
        "client_has_groups": bool(client.group_ids),
        "security_profile": client.security_profile,
        "internal_users_only": client.internal_users_only,
        "has_own_claims": client.has_own_claims,
        "sector_identifier": client.sector_identifier,
        "userinfo_signed_response_alg": client.userinfo_signed_response_alg,
    }


@dataclass(frozen=True)
class NewAuthorization:
    """An authorization to be stored. ``identifier`` is drawn by ``secret_hashing.new_identifier``.

    ``origins``: ids of those that it is derived from, the nearest last.
    ``epoch``: of its end-user and its client, as this request has read them.
    ``sharing_key``: a hash of what later requests must have in common with this one to get tokens of the same
    authorization; None if each has its own.
    """

    client_id: int
    user_id: int
    scope: frozenset[str]
    redirect_uri: str
    session_hash: str | None
    auth_time: int | None
    created_at: int
    expires_at: int
    identifier: str
    epoch: int
    is_offline: bool = False
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()
    act: Mapping[str, Any] | None = None
    origins: tuple[int, ...] = ()
    nonce: str | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    claims: ClaimsRequest = NO_CLAIMS
    session_reference: str = ""
    sharing_key: str | None = None


@dataclass(frozen=True)
class AuthorizationCode:
    """An authorization code as stored (RFC 6749 §4.1.2).

    ``is_contended``: a parallel request is redeeming it at this moment.
    ``dpop_jkt``: thumbprint of the key that must be proven at the redemption (RFC 9449 §10).
    """

    id: int
    authorization: Authorization
    redirect_uri: str
    redirect_uri_was_sent: bool
    code_challenge: str | None
    expires_at: int
    used_at: int | None = None
    is_contended: bool = False
    dpop_jkt: str | None = None

    @property
    def is_replayed(self) -> bool:
        return self.used_at is not None or self.is_contended


@dataclass(frozen=True)
class NewAuthorizationCode:
    """A code to be stored: its hash, never itself."""

    code_hash: str
    authorization_id: int
    client_id: int
    redirect_uri: str
    redirect_uri_was_sent: bool
    code_challenge: str | None
    expires_at: int
    dpop_jkt: str | None = None
