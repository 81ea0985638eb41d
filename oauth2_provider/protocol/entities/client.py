"""A registered application (RFC 6749 §2, RFC 7591 §2)."""

from __future__ import annotations

from dataclasses import dataclass

from ..security_profiles import PROFILES, SecurityProfile

OFFLINE_ACCESS = "offline_access"


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

    ``epoch``: how often all that was given to it has been ended, see ``Authorization``.
    ``consent_epoch``: how often it has changed in the eyes of people in ways that are not told here, as by its logo.
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
    epoch: int = 0
    consent_epoch: int = 0
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
