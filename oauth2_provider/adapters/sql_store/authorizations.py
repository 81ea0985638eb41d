"""Authorizations with their codes and revocations."""

import json

from ...protocol.claims_request import NO_CLAIMS, ClaimsRequest
from ...protocol.entities.authorization import Authorization, AuthorizationCode
from ...protocol.scope import format_scope
from ..odoo_end_users import (
    END_USER_COLUMNS,
    END_USER_OF_AUTHORIZATION,
    IDENTITY_COLUMNS,
    IDENTITY_OF_AUTHORIZATION,
    end_user_of,
    identity_of,
)
from .events import RECORD_EVENT, event_values
from .rows import (
    audience_text,
    details_text,
    execute,
    fetch_one,
    to_audience,
    to_details,
    to_scope,
    to_seconds,
    to_timestamp,
)
from .session_clients import REMEMBER_CLIENT

# All that decides whether something issued under an authorization lives.
_AUTHORIZATION_COLUMNS = """
    a.id AS authorization_id, a.client_id, a.scope AS authorized_scope,
    a.created_at AS authorized_at, a.expires_at AS authorization_expires_at, a.auth_time,
    a.session_hash, a.identifier, a.is_offline, a.audience AS authorized_audience,
    a.authorization_details AS authorized_details,
    a.epoch, c.epoch AS client_epoch, c.has_groups AS client_has_groups,
    a.nonce, a.acr, a.amr, a.claims, c.userinfo_signed_response_alg, c.sector_identifier,
    c.has_own_claims, c.client_identifier, c.active AS client_is_active, c.security_profile,
    c.allowed_users, a.act, a.origins, a.access_ended_at,
    EXISTS (SELECT FROM oauth2_provider_authorization_revocation r
             WHERE r.authorization_id = ANY(a.id || string_to_array(a.origins, ' ')::int[])) AS is_revoked
"""


def with_authorization(columns, found, *, tells=False):
    """The statement that finds something together with its authorization, client and end-user.

    Odoo's connections forget every plan between two requests, so each statement is planned again each time, and five
    plain joins take longer to plan than to run. ``OFFSET 0`` keeps PostgreSQL from looking for the best order of the
    joins: it is the one that is written here, each step the look-up of one row.

    :param columns: SQL, of the row that is found, by the alias ``x``
    :param found: a statement for that row, which has an ``authorization_id``
    :param tells: whether it is for telling about the end-user, so that claims are read at once
    """
    user_columns = END_USER_COLUMNS if tells else IDENTITY_COLUMNS
    user = END_USER_OF_AUTHORIZATION if tells else IDENTITY_OF_AUTHORIZATION
    return f"""
        SELECT {columns}, {_AUTHORIZATION_COLUMNS}, {user_columns}
          FROM ({found}) x,
               LATERAL (
                   SELECT * FROM oauth2_provider_authorization
                    WHERE id = x.authorization_id OFFSET 0
               ) a,
               LATERAL (
                   SELECT client_identifier, epoch, has_groups, active, security_profile, allowed_users,
                          sector_identifier, userinfo_signed_response_alg, has_own_claims
                     FROM oauth2_provider_client WHERE id = a.client_id OFFSET 0
               ) c,
               {user}
    """


def authorization_of(row, cr, policy):
    """:param row: of a statement of ``with_authorization``"""
    return Authorization(
        id=row["authorization_id"],
        client_id=row["client_id"],
        client_identifier=row["client_identifier"],
        client_is_active=row["client_is_active"],
        security_profile=row["security_profile"],
        user=end_user_of(row, policy) if "user_name" in row else identity_of(row, cr, policy),
        scope=to_scope(row["authorized_scope"]),
        created_at=to_seconds(row["authorized_at"]),
        expires_at=to_seconds(row["authorization_expires_at"]),
        identifier=row["identifier"] or "",
        is_offline=bool(row["is_offline"]),
        audience=to_audience(row["authorized_audience"]),
        authorization_details=to_details(row["authorized_details"]),
        act=json.loads(row["act"]) if row["act"] else None,
        origins=tuple(map(int, (row["origins"] or "").split())),
        access_ended_at=to_seconds(row["access_ended_at"]),
        internal_users_only=row["allowed_users"] == "internal",
        is_revoked=row["is_revoked"],
        epoch=row["epoch"],
        client_epoch=row["client_epoch"],
        client_has_groups=bool(row["client_has_groups"]),
        auth_time=to_seconds(row["auth_time"]),
        nonce=row["nonce"],
        acr=row["acr"],
        amr=tuple((row["amr"] or "").split()),
        claims=_claims_of(row["claims"]),
        userinfo_signed_response_alg=row["userinfo_signed_response_alg"] or None,
        sector_identifier=row["sector_identifier"] or None,
        has_own_claims=bool(row["has_own_claims"]),
        session_hash=row["session_hash"] or "",
    )


def _claims_of(text):
    """What is still needed once the end-user has answered: the names."""
    if not text:
        return NO_CLAIMS
    return ClaimsRequest(**{place: frozenset(names) for place, names in json.loads(text).items()})


def _claims_text(claims):
    places = {
        "userinfo": claims.userinfo,
        "id_token": claims.id_token,
        "own_scope": claims.own_scope,
    }
    if not any(places.values()):
        return None
    return json.dumps({place: sorted(names) for place, names in places.items()})


def take_row(cr, statement, secret_hash, *, waits_at=None):
    """Find a row and lock it. Returns the row and whether a parallel transaction holds it; (None, False) if absent.

    Nobody waits: who comes second is a replay whatever the first one does with it.

    :param statement: a function of the clause that locks the row
    :param waits_at: the time; if the row has not expired by then, wait for the parallel transaction instead. If that
        has changed the row, PostgreSQL fails this one, and Odoo repeats the request, which then sees the change. A row
        that has expired may be in the hands of the cleanup, and nothing will come of it anyway
    """
    row = fetch_one(cr, statement("FOR UPDATE SKIP LOCKED"), [secret_hash])
    if row is not None:
        return row, False
    row = fetch_one(cr, statement(""), [secret_hash])
    if row is None or waits_at is None:
        return row, row is not None
    if to_seconds(row["expires_at"]) > waits_at:
        row = fetch_one(cr, statement("FOR UPDATE"), [secret_hash])
    return row, False


def _find_code(lock):
    return with_authorization(
        """x.id, x.redirect_uri, x.redirect_uri_sent, x.code_challenge, x.expires_at, x.used_at,
           x.dpop_jkt""",
        f"""SELECT * FROM oauth2_provider_authorization_code
             WHERE code_hash = %s OFFSET 0 {lock}""",
    )


_FIND_AUTHORIZATION = with_authorization(
    "x.authorization_id",
    """SELECT id AS authorization_id FROM oauth2_provider_authorization
        WHERE identifier = %s OFFSET 0""",
    tells=True,
)
_FIND_KNOWN_AUTHORIZATION = with_authorization(
    "x.authorization_id", "SELECT %s AS authorization_id OFFSET 0", tells=True
)
# Fenced too: to find the newest, PostgreSQL could go through all of them from the end.
_FIND_SHARED_AUTHORIZATION = with_authorization(
    "x.authorization_id",
    """SELECT max(id) AS authorization_id FROM (
           SELECT id FROM oauth2_provider_authorization WHERE sharing_key = %s OFFSET 0) alike""",
)
_COLUMNS = (
    "client_id",
    "user_id",
    "scope",
    "redirect_uri",
    "session_hash",
    "auth_time",
    "created_at",
    "expires_at",
    "identifier",
    "epoch",
    "is_offline",
    "audience",
    "authorization_details",
    "nonce",
    "acr",
    "amr",
    "claims",
    "act",
    "origin_id",
    "origins",
    "sharing_key",
)
_ADD_AUTHORIZATION = f"""
    INSERT INTO oauth2_provider_authorization ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f"%({name})s" for name in _COLUMNS)})
 RETURNING id
"""
_ADD_AUTHORIZATION_OF_SESSION = f"WITH {REMEMBER_CLIENT} {_ADD_AUTHORIZATION}"
_REVOKE_AUTHORIZATION = f"""
    WITH recorded AS ({RECORD_EVENT})
    INSERT INTO oauth2_provider_authorization_revocation (authorization_id, reason, revoked_at)
    VALUES (%(authorization_id)s, %(reason)s, %(occurred_at)s)
"""


class SqlAuthorizationStore:
    def __init__(self, cr, policy):
        self._cr = cr
        self._policy = policy

    def add_authorization(self, authorization):
        of_session = authorization.session_reference
        row = fetch_one(
            self._cr,
            _ADD_AUTHORIZATION_OF_SESSION if of_session else _ADD_AUTHORIZATION,
            {
                "client_id": authorization.client_id,
                "user_id": authorization.user_id,
                "scope": format_scope(authorization.scope),
                "redirect_uri": authorization.redirect_uri,
                "session_hash": authorization.session_hash,
                "session_reference": authorization.session_reference,
                "is_openid": "openid" in authorization.scope,
                "auth_time": to_timestamp(authorization.auth_time),
                "created_at": to_timestamp(authorization.created_at),
                "expires_at": to_timestamp(authorization.expires_at),
                "identifier": authorization.identifier,
                "epoch": authorization.epoch,
                "is_offline": authorization.is_offline,
                "audience": audience_text(authorization.audience),
                "authorization_details": details_text(authorization.authorization_details),
                "nonce": authorization.nonce,
                "acr": authorization.acr,
                "amr": " ".join(authorization.amr) or None,
                "claims": _claims_text(authorization.claims),
                "act": authorization.act and json.dumps(authorization.act),
                "origin_id": authorization.origins[-1] if authorization.origins else None,
                "origins": " ".join(map(str, authorization.origins)) or None,
                "sharing_key": authorization.sharing_key,
            },
        )
        return row["id"]

    def find_authorization(self, identifier):
        return self._find(_FIND_AUTHORIZATION, identifier)

    def find_known_authorization(self, authorization_id):
        """Of which another store has kept the id."""
        return self._find(_FIND_KNOWN_AUTHORIZATION, authorization_id)

    def find_shared_authorization(self, sharing_key):
        return self._find(_FIND_SHARED_AUTHORIZATION, sharing_key)

    def _find(self, statement, name):
        row = fetch_one(self._cr, statement, [name])
        return row and authorization_of(row, self._cr, self._policy)

    def add_code(self, code):
        execute(
            self._cr,
            """INSERT INTO oauth2_provider_authorization_code
                      (code_hash, authorization_id, client_id, redirect_uri, redirect_uri_sent,
                       code_challenge, expires_at, dpop_jkt)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                code.code_hash,
                code.authorization_id,
                code.client_id,
                code.redirect_uri,
                code.redirect_uri_was_sent,
                code.code_challenge,
                to_timestamp(code.expires_at),
                code.dpop_jkt,
            ],
        )

    def take_code(self, code_hash):
        row, is_contended = take_row(self._cr, _find_code, code_hash)
        return row and AuthorizationCode(
            id=row["id"],
            authorization=authorization_of(row, self._cr, self._policy),
            redirect_uri=row["redirect_uri"],
            redirect_uri_was_sent=row["redirect_uri_sent"],
            code_challenge=row["code_challenge"],
            expires_at=to_seconds(row["expires_at"]),
            used_at=to_seconds(row["used_at"]),
            is_contended=is_contended,
            dpop_jkt=row["dpop_jkt"],
        )

    def mark_code_used(self, code, now):
        execute(
            self._cr,
            "UPDATE oauth2_provider_authorization_code SET used_at = %s WHERE id = %s",
            [to_timestamp(now), code.id],
        )

    def revoke_authorization(self, authorization_id, reason, event):
        values = {"authorization_id": authorization_id, "reason": reason, **event_values(event)}
        execute(self._cr, _REVOKE_AUTHORIZATION, values)
