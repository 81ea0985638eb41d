"""What each security profile of a client allows: one policy per client, not per server (RFC 9700, OAuth 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

# The members of a client's metadata that name an algorithm: of what we sign for it, and of what it signs itself.
SIGNED_FOR_CLIENT = (
    "id_token_signed_response_alg",
    "userinfo_signed_response_alg",
    "authorization_signed_response_alg",
    "introspection_signed_response_alg",
    "access_token_signed_response_alg",
)
SIGNED_BY_CLIENT = ("token_endpoint_auth_signing_alg", "request_object_signing_alg")


@dataclass(frozen=True)
class SecurityProfile:
    """The switches that tell profiles apart.

    ``response_types``: what the authorization endpoint may be asked for.
    ``grant_types``: what may be registered beyond what the response types imply.
    ``own_userinfo_only``: its access tokens open ``/oauth2/userinfo/<client id>`` and nothing else, there also in the
    query. A stock Odoo never checks for whom a token was issued; an address per client does it in its place.
    ``pkce_is_optional``: confidential clients may do without, as those written before RFC 7636 do.
    ``rotates_refresh_tokens``: each use hands out the next one (RFC 9700 §4.14.2). FAPI 2.0 §5.3.2.1 forbids it to
    clients whose tokens are bound to their keys anyway.
    ``userinfo_names_client``: UserInfo says for whom the token was issued, so that a client can refuse a stranger's; no
    standard member, so it stays out where clients check for standard ones.
    ``client_authentication``: the methods that its clients may use; None for all.
    ``signing_algorithms``: for whatever it or we sign; None for all that we know.
    ``asks_every_time``: the end-user consents to each authorization, whatever they said before.
    ``requires_redirect_uri``: each authorization request says where the answer goes.
    ``requires_sender_constraint``: its tokens are bound to a key (RFC 9449, RFC 8705).
    ``requires_par``: authorization requests come through the pushed authorization request endpoint only (RFC 9126 §5).
    ``issuer_is_only_assertion_audience``: an assertion of the client names the issuer as its only audience and nothing
    else, so that no other server can use it here (FAPI 2.0 Security Profile §5.3.2.1).
    """

    name: str
    response_types: frozenset[str]
    grant_types: frozenset[str]
    own_userinfo_only: bool = False
    pkce_is_optional: bool = False
    userinfo_names_client: bool = True
    requires_par: bool = False
    requires_sender_constraint: bool = False
    issuer_is_only_assertion_audience: bool = False
    rotates_refresh_tokens: bool = True
    client_authentication: frozenset[str] | None = None
    signing_algorithms: frozenset[str] | None = None
    asks_every_time: bool = False
    requires_redirect_uri: bool = False

    def allows_authentication(self, method: str) -> bool:
        return self.client_authentication is None or method in self.client_authentication

    def allows_algorithm(self, algorithm: str) -> bool:
        return self.signing_algorithms is None or algorithm in self.signing_algorithms


# Those that need no redirect address; each is ticked for an application by itself.
_WITHOUT_REDIRECT = frozenset(
    {
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    }
)

PROFILES = {
    profile.name: profile
    for profile in (
        SecurityProfile(
            "oauth21",
            response_types=frozenset({"code"}),
            grant_types=frozenset({"authorization_code", "refresh_token"}) | _WITHOUT_REDIRECT,
        ),
        SecurityProfile(
            "oidc",
            response_types=frozenset(
                {
                    "code",
                    "id_token",
                    "id_token token",
                    "code id_token",
                    "code token",
                    "code id_token token",
                }
            ),
            grant_types=frozenset({"authorization_code", "implicit", "refresh_token"})
            | _WITHOUT_REDIRECT,
            pkce_is_optional=True,
            userinfo_names_client=False,
        ),
        SecurityProfile(
            "odoo_login",
            response_types=frozenset({"token"}),
            grant_types=frozenset({"implicit"}),
            own_userinfo_only=True,
        ),
        # FAPI 2.0 Security Profile: §5.3.2.1 and §5.3.2.2 for the flow, §5.4 for the algorithms.
        SecurityProfile(
            "fapi2",
            response_types=frozenset({"code"}),
            grant_types=frozenset({"authorization_code", "refresh_token", "client_credentials"}),
            userinfo_names_client=False,
            requires_par=True,
            requires_sender_constraint=True,
            issuer_is_only_assertion_audience=True,
            client_authentication=frozenset(
                {"private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"}
            ),
            signing_algorithms=frozenset({"PS256", "ES256", "EdDSA"}),
            asks_every_time=True,
            rotates_refresh_tokens=False,
            requires_redirect_uri=True,
        ),
    )
}
