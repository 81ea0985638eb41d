"""Access and refresh tokens."""

from ...protocol.confirmation import Confirmation
from ...protocol.entities.authorization import AuthorizationReference
from ...protocol.entities.token import AccessToken, RefreshToken
from ...protocol.scope import format_scope
from .authorization_rows import IS_REVOKED, authorization_of, take_row, with_authorization
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
    write_later,
)


def _find_token(condition="", lock="", *, tells=False, knows_client=False):
    return with_authorization(
        """x.id, x.kind, x.scope, x.issued_at, x.expires_at, x.used_at, x.audience,
           x.confirmation_jkt, x.confirmation_x5t_s256, x.authorization_details""",
        f"""SELECT * FROM oauth2_provider_token
             WHERE token_hash = %s {condition} OFFSET 0 {lock}""",
        tells=tells,
        knows_client=knows_client,
    )


def _find_refresh_token(lock):
    return _find_token("AND kind = 'refresh'", lock, knows_client=True)


_FIND_ACCESS_TOKEN = _find_token("AND kind = 'access'", tells=True)
_FIND_TOKEN = _find_token(knows_client=True)
# A chain of look-ups as with_authorization makes it, of what a revocation needs.
_FIND_REFERENCE = f"""
    SELECT a.id, a.client_id, a.user_id, {IS_REVOKED}
      FROM (SELECT authorization_id FROM oauth2_provider_token WHERE token_hash = %s OFFSET 0) x,
           LATERAL (
               SELECT id, client_id, user_id FROM oauth2_provider_authorization
                WHERE id = x.authorization_id OFFSET 0
           ) a
"""
# The values of a row, one by one: psycopg2 writes a tuple in Python.
_TOKEN = f"({', '.join(['%s'] * 10)})"


def _confirmation_of(row):
    return Confirmation(row["confirmation_jkt"], row["confirmation_x5t_s256"])


class SqlTokenStore:
    def __init__(self, cr, policy):
        self._cr = cr
        self._policy = policy

    def add_tokens(self, authorization_id, tokens):
        if not tokens:
            return
        values = []
        for token in tokens:
            values += [
                token.kind,
                token.token_hash,
                authorization_id,
                format_scope(token.scope),
                to_timestamp(token.issued_at),
                to_timestamp(token.expires_at),
                audience_text(token.audience),
                token.confirmation.jkt,
                token.confirmation.x5t_s256,
                details_text(token.authorization_details),
            ]
        write_later(
            self._cr,
            f"""INSERT INTO oauth2_provider_token
                       (kind, token_hash, authorization_id, scope, issued_at, expires_at, audience,
                        confirmation_jkt, confirmation_x5t_s256, authorization_details)
                VALUES {", ".join([_TOKEN] * len(tokens))}
                    ON CONFLICT (token_hash) DO NOTHING""",
            values,
        )

    def find_access_token(self, token_hash):
        row = fetch_one(self._cr, _FIND_ACCESS_TOKEN, [token_hash])
        return row and self._access_token_of(row)

    def find_token(self, token_hash, client):
        row = fetch_one(self._cr, _FIND_TOKEN, [token_hash])
        if row is None:
            return None
        if row["kind"] == "access":
            return self._access_token_of(row, client)
        return self._refresh_token_of(row, client)

    def find_reference(self, token_hash):
        row = fetch_one(self._cr, _FIND_REFERENCE, [token_hash])
        return row and AuthorizationReference(**row)

    def take_refresh_token(self, token_hash, client, *, waits_at):
        row, is_contended = take_row(self._cr, _find_refresh_token, token_hash, waits_at=waits_at)
        return row and self._refresh_token_of(row, client, is_contended=is_contended)

    def mark_refresh_token_used(self, token, now):
        write_later(
            self._cr,
            "UPDATE oauth2_provider_token SET used_at = %s WHERE id = %s",
            [to_timestamp(now), token.id],
        )

    def extend_refresh_token(self, token, expires_at):
        execute(
            self._cr,
            """UPDATE oauth2_provider_token SET expires_at = %s
                WHERE id = (SELECT id FROM oauth2_provider_token WHERE id = %s
                               FOR UPDATE SKIP LOCKED)""",
            [to_timestamp(expires_at), token.id],
        )

    def _access_token_of(self, row, client=None):
        return AccessToken(
            authorization=authorization_of(row, self._cr, self._policy, client),
            scope=to_scope(row["scope"]),
            issued_at=to_seconds(row["issued_at"]),
            expires_at=to_seconds(row["expires_at"]),
            audience=to_audience(row["audience"]),
            confirmation=_confirmation_of(row),
            authorization_details=to_details(row["authorization_details"]),
        )

    def _refresh_token_of(self, row, client, *, is_contended=False):
        return RefreshToken(
            id=row["id"],
            authorization=authorization_of(row, self._cr, self._policy, client),
            scope=to_scope(row["scope"]),
            expires_at=to_seconds(row["expires_at"]),
            used_at=to_seconds(row["used_at"]),
            is_contended=is_contended,
            confirmation=_confirmation_of(row),
        )
