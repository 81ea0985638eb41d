"""Clients: one statement reads everything that the protocol may ask about one, and is needed once per version."""

from ...protocol.entities.client import CertificateName, Client, ClientSecret
from ...protocol.security_profiles import PROFILES
from .rows import execute, fetch_one, to_timestamp

_FIND_CLIENT = """
    SELECT c.*,
           ARRAY(SELECT uri FROM oauth2_provider_redirect_uri WHERE client_id = c.id ORDER BY id)
               AS redirect_uris,
           ARRAY(SELECT uri FROM oauth2_provider_request_uri WHERE client_id = c.id)
               AS request_uris,
           ARRAY(SELECT uri FROM oauth2_provider_post_logout_redirect_uri WHERE client_id = c.id)
               AS post_logout_redirect_uris,
           ARRAY(SELECT trusted_client_id FROM oauth2_provider_client_exchange_rel
                  WHERE client_id = c.id) AS exchange_client_ids,
           ARRAY(SELECT t.client_identifier FROM oauth2_provider_client_exchange_target_rel r
                   JOIN oauth2_provider_client t ON t.id = r.target_client_id
                  WHERE r.client_id = c.id AND t.active) AS exchange_audiences,
           ARRAY(SELECT s.name FROM oauth2_provider_scope s
                   JOIN oauth2_provider_client_scope_rel r ON r.scope_id = s.id
                  WHERE r.client_id = c.id) AS scope,
           ARRAY(SELECT group_id FROM oauth2_provider_client_group_rel WHERE client_id = c.id)
               AS group_ids,
           ARRAY(SELECT s.name FROM oauth2_provider_claim k
                   JOIN oauth2_provider_scope s ON s.id = k.scope_id
                  WHERE k.client_id = c.id AND k.only_if_asked IS NOT TRUE) AS own_claims_scope,
           (SELECT name FROM oauth2_provider_authentication_level WHERE id = c.required_level_id)
               AS required_acr,
           ARRAY(SELECT identifier FROM oauth2_provider_resource
                  WHERE introspection_client_id = c.id AND active) AS served_resources,
           (SELECT json_agg(json_build_array(id, secret_hash, extract(epoch FROM expires_at),
                                              extract(epoch FROM last_used_at)))
              FROM oauth2_provider_client_secret WHERE client_id = c.id) AS secrets
      FROM oauth2_provider_client c
     WHERE c.client_identifier = %s AND c.active
"""


class ClientCache:
    """What one process has read of the clients of one database. Threads may share it."""

    LIMIT = 1000

    def __init__(self):
        self._clients = {}

    def find(self, client_identifier, version):
        """The client as it is in that version, or None if it was never read so."""
        known, client = self._clients.get(client_identifier, (None, None))
        return client if known == version else None

    def keep(self, client, version):
        if version is None:
            return
        if len(self._clients) >= self.LIMIT:
            self._clients.clear()
        self._clients[client.client_identifier] = (version, client)

    def forget_secret(self, secret_id):
        """Forget the client of that secret."""
        for client_identifier, (_version, client) in list(self._clients.items()):
            if any(secret.id == secret_id for secret in client.secrets):
                self._clients.pop(client_identifier, None)


class SqlClientStore:
    """:param cache: of the database"""

    def __init__(self, cr, cache):
        self._cr = cr
        self._cache = cache

    def find_client(self, client_identifier):
        """As this transaction sees it: its version is read each time, the rest only if the version is a new one."""
        row = fetch_one(
            self._cr,
            "SELECT version FROM oauth2_provider_client WHERE client_identifier = %s AND active",
            [client_identifier],
        )
        if row is None:
            return None
        return self._cache.find(client_identifier, row["version"]) or self._read(client_identifier)

    def _read(self, client_identifier):
        row = fetch_one(self._cr, _FIND_CLIENT, [client_identifier])
        if row is None:
            return None
        client = _client_of(row)
        self._cache.keep(client, row["version"])
        return client

    def note_secret_use(self, secret_id, now):
        # Whoever notes the same right now does it for us too; nobody waits for a remark.
        execute(
            self._cr,
            """UPDATE oauth2_provider_client_secret SET last_used_at = %s
                WHERE id = (SELECT id FROM oauth2_provider_client_secret
                             WHERE id = %s FOR UPDATE SKIP LOCKED)""",
            [to_timestamp(now), secret_id],
        )
        # Its last use is no part of the version.
        self._cache.forget_secret(secret_id)


def _response_types(profile, row):
    """What the profile allows; where it leaves a choice, what is ticked for the client."""
    if profile.name != "oidc":
        return profile.response_types
    ticked = {"code"}
    if row["use_implicit"]:
        ticked |= {"id_token", "id_token token"}
    if row["use_hybrid"]:
        ticked |= {"code id_token", "code token", "code id_token token"}
    if row["registered_response_types"]:
        ticked &= set(row["registered_response_types"].split("\n"))
    return profile.response_types & ticked


# What is ticked for an application one by one.
_GRANT_COLUMNS = {
    "use_refresh_token": "refresh_token",
    "use_client_credentials": "client_credentials",
    "use_device": "urn:ietf:params:oauth:grant-type:device_code",
    "use_jwt_bearer": "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "use_token_exchange": "urn:ietf:params:oauth:grant-type:token-exchange",
}


def _grant_types(profile, row):
    """What the profile allows, less what is not ticked for the client."""
    unticked = {grant_type for column, grant_type in _GRANT_COLUMNS.items() if not row[column]}
    return profile.grant_types - unticked


def _certificate_name(row):
    if row["token_endpoint_auth_method"] != "tls_client_auth":
        return None
    return CertificateName(row["certificate_name_kind"], row["certificate_name"])


def _client_of(row):
    profile = PROFILES[row["security_profile"]]
    return Client(
        id=row["id"],
        client_identifier=row["client_identifier"],
        epoch=row["epoch"],
        consent_epoch=row["consent_epoch"],
        name=row["name"],
        security_profile=row["security_profile"],
        application_type=row["application_type"],
        token_endpoint_auth_method=row["token_endpoint_auth_method"],
        secrets=tuple(
            ClientSecret(
                secret_id,
                secret_hash,
                expires_at=None if end is None else int(end),
                last_used_at=None if last_use is None else int(last_use),
            )
            for secret_id, secret_hash, end, last_use in row["secrets"] or ()
        ),
        redirect_uris=tuple(row["redirect_uris"]),
        response_types=_response_types(profile, row),
        grant_types=_grant_types(profile, row),
        scope=frozenset(row["scope"]),
        is_trusted=bool(row["is_trusted"]),
        local_development=bool(row["local_development"]),
        require_pushed_authorization_requests=bool(row["require_pushed_authorization_requests"]),
        require_signed_request_object=bool(row["require_signed_request_object"]),
        request_object_signing_alg=row["request_object_signing_alg"] or None,
        request_uris=tuple(row["request_uris"]),
        internal_users_only=row["allowed_users"] == "internal",
        group_ids=frozenset(row["group_ids"]),
        service_user_id=row["service_user_id"],
        exchange_client_ids=frozenset(row["exchange_client_ids"]),
        exchange_audiences=frozenset(row["exchange_audiences"]),
        may_impersonate=bool(row["may_impersonate"]),
        access_token_lifetime=row["access_token_lifetime"],
        refresh_token_idle_lifetime=row["refresh_token_idle_lifetime"],
        refresh_token_lifetime=row["refresh_token_lifetime"],
        session_refresh_token_lifetime=row["session_refresh_token_lifetime"],
        access_token_format=row["access_token_format"],
        access_token_signed_response_alg=row["access_token_signed_response_alg"],
        introspection_signed_response_alg=row["introspection_signed_response_alg"],
        served_resources=frozenset(row["served_resources"]),
        refresh_token_grace=row["refresh_token_grace"],
        offline_access=row["offline_access"],
        id_token_signed_response_alg=row["id_token_signed_response_alg"],
        has_scope_claims_in_id_token=bool(row["has_scope_claims_in_id_token"]),
        userinfo_signed_response_alg=row["userinfo_signed_response_alg"] or None,
        authorization_signed_response_alg=row["authorization_signed_response_alg"],
        dpop_bound_access_tokens=row["token_binding"] == "dpop",
        tls_client_certificate_bound_access_tokens=row["token_binding"] == "mtls",
        certificate_name=_certificate_name(row),
        require_auth_time=bool(row["require_auth_time"]),
        default_max_age=row["default_max_age"] or None,
        default_acr_values=tuple((row["default_acr_values"] or "").split()),
        required_acr=row["required_acr"],
        has_own_claims=bool(row["has_own_claims"]),
        own_claims_scope=frozenset(row["own_claims_scope"]),
        sector_identifier=row["sector_identifier"] or None,
        client_uri=row["client_uri"] or None,
        policy_uri=row["policy_uri"] or None,
        tos_uri=row["tos_uri"] or None,
        jwks=row["jwks"] or None,
        jwks_uri=row["jwks_uri"] or None,
        token_endpoint_auth_signing_alg=row["token_endpoint_auth_signing_alg"] or None,
        post_logout_redirect_uris=tuple(row["post_logout_redirect_uris"]),
        frontchannel_logout_uri=row["frontchannel_logout_uri"] or None,
        backchannel_logout_uri=row["backchannel_logout_uri"] or None,
    )
