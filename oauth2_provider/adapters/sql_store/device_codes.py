"""Devices that wait for a person (RFC 8628)."""

from ...protocol.device_code import PENDING, DeviceCode
from ...protocol.scope import format_scope
from .authorization_rows import take_row
from .authorizations import SqlAuthorizationStore
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


def _find(condition, lock=""):
    return f"""
        SELECT x.*, c.client_identifier
          FROM (SELECT * FROM oauth2_provider_device_code WHERE {condition} {lock}) x
          JOIN oauth2_provider_client c ON c.id = x.client_id
    """


def _find_by_device_code(lock):
    return _find("device_code_hash = %s", lock)


_FIND_BY_USER_CODE = _find("user_code_hash = %s")


class SqlDeviceCodeStore:
    def __init__(self, cr, policy):
        self._cr = cr
        self._authorizations = SqlAuthorizationStore(cr, policy, shared={})

    def add_device_code(self, code):
        row = fetch_one(
            self._cr,
            """INSERT INTO oauth2_provider_device_code
                      (device_code_hash, user_code_hash, client_id, scope, status, created_at,
                       expires_at, poll_interval, audience, authorization_details)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (user_code_hash) DO NOTHING RETURNING id""",
            [
                code.device_code_hash,
                code.user_code_hash,
                code.client_id,
                format_scope(code.scope),
                PENDING,
                to_timestamp(code.created_at),
                to_timestamp(code.expires_at),
                code.interval,
                audience_text(code.audience),
                details_text(code.authorization_details),
            ],
        )
        return row is not None

    def find_by_user_code(self, user_code_hash):
        row = fetch_one(self._cr, _FIND_BY_USER_CODE, [user_code_hash])
        return row and self._device_code_of(row)

    def take_device_code(self, device_code_hash):
        row, is_contended = take_row(self._cr, _find_by_device_code, device_code_hash)
        return row and self._device_code_of(row, is_contended=is_contended)

    def decide_device_code(self, code, status):
        """Waits for a device that asks at this moment: its question takes a moment, and the person must not repeat
        the decision because of it."""
        row = fetch_one(
            self._cr,
            """UPDATE oauth2_provider_device_code SET status = %s
                WHERE id = %s AND status = %s RETURNING id""",
            [status, code.id, PENDING],
        )
        return row is not None

    def authorize_device_code(self, code, authorization_id):
        execute(
            self._cr,
            "UPDATE oauth2_provider_device_code SET authorization_id = %s WHERE id = %s",
            [authorization_id, code.id],
        )

    def note_poll(self, code, now, interval):
        execute(
            self._cr,
            "UPDATE oauth2_provider_device_code SET polled_at = %s, poll_interval = %s WHERE id = %s",
            [to_timestamp(now), interval, code.id],
        )

    def mark_device_code_used(self, code, now):
        execute(
            self._cr,
            "UPDATE oauth2_provider_device_code SET used_at = %s WHERE id = %s",
            [to_timestamp(now), code.id],
        )

    def _device_code_of(self, row, *, is_contended=False):
        return DeviceCode(
            id=row["id"],
            client_id=row["client_id"],
            client_identifier=row["client_identifier"],
            scope=to_scope(row["scope"]),
            expires_at=to_seconds(row["expires_at"]),
            interval=row["poll_interval"],
            audience=to_audience(row["audience"]),
            authorization_details=to_details(row["authorization_details"]),
            status=row["status"],
            polled_at=to_seconds(row["polled_at"]),
            used_at=to_seconds(row["used_at"]),
            authorization=self._authorization_of(row),
            is_contended=is_contended,
        )

    def _authorization_of(self, row):
        authorization_id = row["authorization_id"]
        return authorization_id and self._authorizations.find_known_authorization(authorization_id)
