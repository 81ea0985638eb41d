"""Authorizations with their codes and revocations."""

import json
from dataclasses import replace

from ...protocol.entities.authorization import AuthorizationCode, about_client
from ...protocol.scope import format_scope
from ..odoo_end_users import IDENTITY_COLUMNS, identity_of
from .authorization_rows import authorization_of, take_row, with_authorization
from .events import RECORD_EVENT, event_values
from .rows import (
    audience_text,
    details_text,
    execute,
    fetch_one,
    to_seconds,
    to_timestamp,
    write_later,
)
from .session_clients import REMEMBER_CLIENT


def _claims_text(claims):
    places = {
        "userinfo": claims.userinfo,
        "id_token": claims.id_token,
        "own_scope": claims.own_scope,
    }
    if not any(places.values()):
        return None
    return json.dumps({place: sorted(names) for place, names in places.items()})


def _find_code(lock):
    return with_authorization(
        """x.id, x.redirect_uri, x.redirect_uri_sent, x.code_challenge, x.expires_at, x.used_at,
           x.dpop_jkt""",
        f"""SELECT * FROM oauth2_provider_authorization_code
             WHERE code_hash = %s OFFSET 0 {lock}""",
        knows_client=True,
    )


_FIND_AUTHORIZATION = with_authorization(where="identifier = %s", tells=True)
_FIND_KNOWN_AUTHORIZATION = with_authorization(where="id = %s", tells=True)
# The newest; by a sum, or PostgreSQL could go through all there are from the end.
_FIND_SHARED_AUTHORIZATION = with_authorization(
    where="sharing_key = %s ORDER BY id + 0 DESC LIMIT 1", knows_client=True
)
# Of a service, so it was derived from no other one.
_FIND_WHETHER_SHARED_LIVES = f"""
    SELECT {IDENTITY_COLUMNS},
           EXISTS (SELECT FROM oauth2_provider_authorization
                    WHERE id = %(authorization_id)s AND identifier = %(identifier)s) AS is_stored,
           EXISTS (SELECT FROM oauth2_provider_authorization_revocation
                    WHERE authorization_id = %(authorization_id)s) AS is_revoked
      FROM res_users u WHERE id = %(user_id)s
"""
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
    """:param shared: those that a service shares, by their keys, as they were found before in this process"""

    def __init__(self, cr, policy, shared):
        self._cr = cr
        self._policy = policy
        self._shared = shared

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

    def find_shared_authorization(self, sharing_key, client):
        known = self._shared.get(sharing_key)
        present = known and self._as_it_stands(known, client)
        if present and present.is_live(present.created_at):
            return present
        # None yet, or one that was ended: there may be a newer one.
        found = self._find(_FIND_SHARED_AUTHORIZATION, sharing_key, client)
        if found is not None:
            # Claims are read by the request that asks for them.
            self._shared[sharing_key] = replace(found, user=replace(found.user, claims={}))
        return found

    def _as_it_stands(self, known, client):
        """Nothing of an authorization changes but whether it lives, and that is read each time."""
        names = {
            "authorization_id": known.id,
            "identifier": known.identifier,  # numbers come back with a backup
            "user_id": known.user.id,
        }
        row = fetch_one(self._cr, _FIND_WHETHER_SHARED_LIVES, names)
        if row is None or not row["is_stored"]:
            return None
        user = identity_of(row, self._cr, self._policy)
        return replace(known, user=user, is_revoked=row["is_revoked"], **about_client(client))

    def _find(self, statement, name, client=None):
        row = fetch_one(self._cr, statement, [name])
        return row and authorization_of(row, self._cr, self._policy, client)

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

    def take_code(self, code_hash, client):
        row, is_contended = take_row(self._cr, _find_code, code_hash)
        return row and AuthorizationCode(
            id=row["id"],
            authorization=authorization_of(row, self._cr, self._policy, client),
            redirect_uri=row["redirect_uri"],
            redirect_uri_was_sent=row["redirect_uri_sent"],
            code_challenge=row["code_challenge"],
            expires_at=to_seconds(row["expires_at"]),
            used_at=to_seconds(row["used_at"]),
            is_contended=is_contended,
            dpop_jkt=row["dpop_jkt"],
        )

    def mark_code_used(self, code, now):
        write_later(
            self._cr,
            "UPDATE oauth2_provider_authorization_code SET used_at = %s WHERE id = %s",
            [to_timestamp(now), code.id],
        )

    def revoke_authorization(self, authorization_id, reason, event):
        values = {"authorization_id": authorization_id, "reason": reason, **event_values(event)}
        execute(self._cr, _REVOKE_AUTHORIZATION, values)
