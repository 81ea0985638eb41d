"""Access and refresh tokens."""

from ...protocol.confirmation import Confirmation
from ...protocol.entities.token import AccessToken, RefreshToken
from ...protocol.scope import format_scope
from .authorizations import authorization_of, take_row, with_authorization
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


def _find_token(condition="", lock="", *, tells=False):
    return with_authorization(
        """x.id, x.kind, x.scope, x.issued_at, x.expires_at, x.used_at, x.audience,
           x.confirmation_jkt, x.confirmation_x5t_s256, x.authorization_details""",
        f"""SELECT * FROM oauth2_provider_token
             WHERE token_hash = %s {condition} OFFSET 0 {lock}""",
        tells=tells,
    )


def _find_refresh_token(lock):
    return _find_token("AND kind = 'refresh'", lock)


_FIND_ACCESS_TOKEN = _find_token("AND kind = 'access'", tells=True)
_FIND_TOKEN = _find_token()


def _confirmation_of(row):
    return Confirmation(row["confirmation_jkt"], row["confirmation_x5t_s256"])


class SqlTokenStore:
    def __init__(self, cr, policy):
        self._cr = cr
        self._policy = policy

    def add_tokens(self, authorization_id, tokens):
        if not tokens:
            return
        values = [
            (
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
            )
            for token in tokens
        ]
        execute(
            self._cr,
            f"""INSERT INTO oauth2_provider_token
                       (kind, token_hash, authorization_id, scope, issued_at, expires_at, audience,
                        confirmation_jkt, confirmation_x5t_s256, authorization_details)
                VALUES {", ".join(["%s"] * len(values))}
                    ON CONFLICT (token_hash) DO NOTHING""",
            values,
        )

    def find_access_token(self, token_hash):
        row = fetch_one(self._cr, _FIND_ACCESS_TOKEN, [token_hash])
        return row and self._access_token_of(row)

    def find_token(self, token_hash):
        row = fetch_one(self._cr, _FIND_TOKEN, [token_hash])
        if row is None:
            return None
        return (
            self._access_token_of(row) if row["kind"] == "access" else self._refresh_token_of(row)
        )

    def take_refresh_token(self, token_hash, *, waits_at):
        row, is_contended = take_row(self._cr, _find_refresh_token, token_hash, waits_at=waits_at)
        return row and self._refresh_token_of(row, is_contended=is_contended)

    def mark_refresh_token_used(self, token, now):
        execute(
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

    def _access_token_of(self, row):
        return AccessToken(
            authorization=self._authorization_of(row),
            scope=to_scope(row["scope"]),
            issued_at=to_seconds(row["issued_at"]),
            expires_at=to_seconds(row["expires_at"]),
            audience=to_audience(row["audience"]),
            confirmation=_confirmation_of(row),
            authorization_details=to_details(row["authorization_details"]),
        )

    def _refresh_token_of(self, row, *, is_contended=False):
        return RefreshToken(
            id=row["id"],
            authorization=self._authorization_of(row),
            scope=to_scope(row["scope"]),
            expires_at=to_seconds(row["expires_at"]),
            used_at=to_seconds(row["used_at"]),
            is_contended=is_contended,
            confirmation=_confirmation_of(row),
        )

    def _authorization_of(self, row):
        return authorization_of(row, self._cr, self._policy)
