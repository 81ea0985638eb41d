"""The nouns of OAuth 2 (RFC 6749 §1): immutable, all times in whole seconds since 1970 UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .claims_request import NO_CLAIMS, ClaimsRequest
from .confirmation import NO_CONFIRMATION, Confirmation
from .messages import Parameters
from .security_profiles import PROFILES, SecurityProfile

OFFLINE_ACCESS = "offline_access"
# Each is one JSON object with a member ``type`` (RFC 9396 §2).
AuthorizationDetails = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class ClientSecret:
    """``secret_hash`` is SHA-256 in hex: machine secrets are 256 random bits, a slow hash adds nothing."""

    id: int
    secret_hash: str
    expires_at: int | None = None
    last_used_at: int | None = None


@dataclass(frozen=True)
class CertificateName:
    """The name by which a client's certificate is known; ``kind`` as in the metadata: subject_dn, san_dns, san_uri,
    san_ip or san_email (RFC 8705 §2.1.2)."""

    kind: str
    value: str


@dataclass(frozen=True)
class Client:
    """A registered application (RFC 6749 §2, RFC 7591 §2). Lifetimes in seconds.

    ``jwks``: its public keys as the text of a JWK Set, or ``jwks_uri`` where they are (RFC 7591 §2).
    ``token_endpoint_auth_signing_alg``: the one algorithm of its assertions; None if it may use any.
    ``own_claims_scope``: the scope of those of its own claims that it gets without asking.
    ``required_acr``: the level that an administrator holds its logins to.
    ``served_resources``: identifiers of the resources that it stands for: it may introspect their tokens.
    ``access_token_format``: "opaque", or "jwt" as RFC 9068 has it.
    ``session_refresh_token_lifetime``: the same as ``refresh_token_lifetime`` for authorizations that end with the
    login session: that end may pass unnoticed, so there is a limit.
    ``refresh_token_grace``: for how long the token before the present one still gets the same answer.
    ``has_scope_claims_in_id_token``: whether its ID tokens tell what the scope releases, though UserInfo tells it too.
    ``offline_access``: whether its authorizations outlive the login session: "never", when "asked" for, or "always".
    ``sector_identifier``: who shares its pairwise subjects; None if its subjects are public (OpenID Connect Core §8).
    """

    id: int
    client_identifier: str
    name: str = ""
    security_profile: str = "oauth21"
    application_type: str = "web"
    token_endpoint_auth_method: str = "client_secret_basic"
    secrets: tuple[ClientSecret, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    response_types: frozenset[str] = frozenset({"code"})
    grant_types: frozenset[str] = frozenset({"authorization_code"})
    scope: frozenset[str] = frozenset()
    is_trusted: bool = False
    local_development: bool = False
    require_pushed_authorization_requests: bool = False
    require_signed_request_object: bool = False
    request_object_signing_alg: str | None = None
    request_uris: tuple[str, ...] = ()
    internal_users_only: bool = False
    group_ids: frozenset[int] = frozenset()
    service_user_id: int | None = None
    exchange_client_ids: frozenset[int] = frozenset()
    exchange_audiences: frozenset[str] = frozenset()
    may_impersonate: bool = False
    access_token_lifetime: int = 3600
    refresh_token_idle_lifetime: int = 30 * 86400
    refresh_token_lifetime: int = 180 * 86400
    session_refresh_token_lifetime: int = 7 * 86400
    refresh_token_grace: int = 10
    access_token_format: str = "opaque"
    access_token_signed_response_alg: str = "ES256"
    introspection_signed_response_alg: str = "RS256"
    served_resources: frozenset[str] = frozenset()
    offline_access: str = "asked"
    id_token_signed_response_alg: str = "RS256"
    has_scope_claims_in_id_token: bool = False
    userinfo_signed_response_alg: str | None = None
    authorization_signed_response_alg: str = "RS256"
    require_auth_time: bool = False
    default_max_age: int | None = None
    dpop_bound_access_tokens: bool = False
    tls_client_certificate_bound_access_tokens: bool = False
    certificate_name: CertificateName | None = None
    default_acr_values: tuple[str, ...] = ()
    has_own_claims: bool = False
    own_claims_scope: frozenset[str] = frozenset()
    required_acr: str | None = None
    client_uri: str | None = None
    sector_identifier: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    jwks: str | None = None
    jwks_uri: str | None = None
    token_endpoint_auth_signing_alg: str | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    frontchannel_logout_uri: str | None = None
    backchannel_logout_uri: str | None = None

    @property
    def profile(self) -> SecurityProfile:
        return PROFILES[self.security_profile]

    @property
    def only_request_object_counts(self) -> bool:
        """RFC 9101 §6.3: beside a request object, parameters are not looked at; otherwise they complete it."""
        return self.require_signed_request_object or self.profile.requires_par

    @property
    def allowed_scope(self) -> frozenset[str]:
        """What it may ask for; offline_access goes by the grant, not by the list (OpenID Connect Core §11)."""
        offline = "refresh_token" in self.grant_types and self.offline_access != "never"
        return self.scope | ({OFFLINE_ACCESS} if offline else set())

    def authorization_lifetime(self, scope: frozenset[str]) -> int:
        """Seconds that what is issued under an authorization for ``scope`` can live at most."""
        if "refresh_token" not in self.grant_types:
            return self.access_token_lifetime
        refresh = self.refresh_token_lifetime
        if OFFLINE_ACCESS not in scope:
            refresh = min(refresh, self.session_refresh_token_lifetime)
        return max(self.access_token_lifetime, refresh)

    @property
    def is_public(self) -> bool:
        return self.token_endpoint_auth_method == "none"

    @property
    def binds_tokens(self) -> bool:
        """Whether its tokens are worth nothing without a key."""
        return (
            self.dpop_bound_access_tokens
            or self.tls_client_certificate_bound_access_tokens
            or self.profile.requires_sender_constraint
        )

    @property
    def is_native(self) -> bool:
        return self.application_type == "native"

    @property
    def hears_of_logout(self) -> bool:
        return bool(self.frontchannel_logout_uri or self.backchannel_logout_uri)


@dataclass(frozen=True)
class Resource:
    """What takes access tokens (RFC 8707 §2).

    ``scope``: what of a scope means something to it; None if it did not say.
    ``client_ids``: who may get tokens for it; None if every client may.
    """

    identifier: str
    name: str = ""
    scope: frozenset[str] | None = None
    client_ids: frozenset[int] | None = None

    def is_open_to(self, client_id: int) -> bool:
        return self.client_ids is None or client_id in self.client_ids


@dataclass(frozen=True)
class AuthorizationDetailsType:
    """A registered type of authorization details (RFC 9396 §2.1), of one resource."""

    name: str
    resource: Resource


@dataclass(frozen=True)
class EndUser:
    """A person with an account here. ``claims`` are the standard claims that have a value (OIDC Core §5.1).

    ``public_subject``: for ``subject.py`` alone, which says who they are for a client.
    """

    id: int
    public_subject: str
    is_active: bool = True
    is_internal: bool = True
    name: str = ""
    login: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrustedIssuer:
    """Somebody else whose word about a person is believed (RFC 7523 §3).

    ``jwks``, ``jwks_uri``: its keys, as a client has them.
    ``subject_kind``: what its ``sub`` is: "login", or "subject" where it knows people as our clients do.
    """

    issuer: str
    jwks: str | None = None
    jwks_uri: str | None = None
    subject_kind: str = "login"


@dataclass(frozen=True)
class ProvenLogin:
    """A login as it is remembered: who, when, how and how well (OpenID Connect Core §2)."""

    user: EndUser
    auth_time: int | None
    amr: tuple[str, ...]
    acr: str | None = None


@dataclass(frozen=True)
class EndUserSession:
    """The login state of the browser that sent the request.

    ``is_locked``: logged in, but behind a screen lock; the person must prove themselves before anything is issued.
    ``session_hash`` identifies the session without being able to open it; a secret all the same.
    ``session_reference``: how the surroundings find the session again; means nothing here.
    ``auth_moment``: when the person last proved themselves in this session, with its fraction; None if nobody knows.
    ``amr``: how they did it (RFC 8176).
    """

    user: EndUser
    session_hash: str
    auth_moment: float | None = None
    amr: tuple[str, ...] = ()
    is_locked: bool = False
    session_reference: str = ""

    @property
    def auth_time(self) -> int | None:
        """As clients are told (OpenID Connect Core §2)."""
        return None if self.auth_moment is None else int(self.auth_moment)


@dataclass(frozen=True)
class Factor:
    """A way in which the end-user could prove more in the session, and the methods that it would add (RFC 8176)."""

    name: str
    amr: frozenset[str]


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


@dataclass(frozen=True)
class Authorization:
    """What one "yes" of one end-user created; every code and token hangs on it and dies with it.

    ``identifier``: 256 random bits by which a token that is stored nowhere names its authorization.
    ``is_offline``: it outlives the login session that it came from.
    ``audience``: the resources that were asked for (RFC 8707); empty if none was.
    ``act``: who acts for the end-user, the latest outermost (RFC 8693 §4.1); None if the client alone does.
    ``origin_id``: the authorization that this one was derived from in the end; it dies with that one.
    """

    id: int
    client_id: int
    client_identifier: str
    client_is_active: bool
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
    origin_id: int | None = None
    internal_users_only: bool = False
    is_revoked: bool = False
    auth_time: int | None = None
    nonce: str | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    claims: ClaimsRequest = NO_CLAIMS
    userinfo_signed_response_alg: str | None = None
    sector_identifier: str | None = None
    has_own_claims: bool = False
    session_hash: str = ""

    def is_live(self, now: int) -> bool:
        """Whether anything issued under it may still be used."""
        return (
            not self.is_revoked
            and now < self.expires_at
            and self.client_is_active
            and self.user.is_active
            and (self.user.is_internal or not self.internal_users_only)
        )


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
class AccessToken:
    """An access token, wherever it is kept (RFC 6749 §1.4). ``audience``: the resources that it is for, never none."""

    authorization: Authorization
    scope: frozenset[str]
    issued_at: int
    expires_at: int
    audience: tuple[str, ...]
    confirmation: Confirmation = NO_CONFIRMATION
    authorization_details: AuthorizationDetails = ()


@dataclass(frozen=True)
class RefreshToken:
    """A refresh token as stored (RFC 6749 §1.5); ``used_at`` is when it was rotated away."""

    id: int
    authorization: Authorization
    scope: frozenset[str]
    expires_at: int
    used_at: int | None = None
    is_contended: bool = False
    confirmation: Confirmation = NO_CONFIRMATION

    @property
    def is_replayed(self) -> bool:
        return self.used_at is not None or self.is_contended


@dataclass(frozen=True)
class NewToken:
    """A token to be stored: its hash, never itself."""

    kind: str
    token_hash: str
    scope: frozenset[str]
    issued_at: int
    expires_at: int
    audience: tuple[str, ...] = ()
    confirmation: Confirmation = NO_CONFIRMATION
    authorization_details: AuthorizationDetails = ()


@dataclass(frozen=True)
class NewAuthorization:
    """An authorization to be stored. ``identifier`` is drawn by ``secret_hashing.new_identifier``.

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
    is_offline: bool = False
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()
    act: Mapping[str, Any] | None = None
    origin_id: int | None = None
    nonce: str | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    claims: ClaimsRequest = NO_CLAIMS
    session_reference: str = ""
    sharing_key: str | None = None


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


@dataclass(frozen=True)
class LogoutRequest:
    """A logout request (OpenID Connect RP-Initiated Logout 1.0 §2) on its way to a plain GET or a confirmation."""

    handle_hash: str
    parameters: Parameters
    expires_at: int


@dataclass(frozen=True)
class Event:
    """One line of the audit trail. ``detail`` is for administrators and holds no secret."""

    event_type: str
    occurred_at: int
    client_identifier: str | None = None
    client_id: int | None = None
    user_id: int | None = None
    ip_address: str = ""
    user_agent: str = ""
    detail: str = ""
