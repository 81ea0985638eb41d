"""Registered applications as the protocol sees them. Registration is rare, so it goes through the ORM and its rules."""

import json

from odoo.addons.oauth2_provider.adapters.sql_store.rows import (
    execute,
    fetch_one,
    to_seconds,
    to_timestamp,
)
from odoo.addons.oauth2_provider.protocol.client_registration.metadata import looks_different
from odoo.addons.oauth2_provider.protocol.client_registration.ports import (
    Registration,
    RegistrationCounts,
)
from odoo.exceptions import UserError

from .logos import redraw
from .metadata_fields import client_values


class OdooRegistrations:
    """:param env: of the superuser, since who registers is nobody
    :param policy: called when it is needed, since hardly a request is a registration
    """

    def __init__(self, env, policy):
        self._env = env(context={**env.context, "mail_create_nosubscribe": True})
        self._policy = policy

    @property
    def _clients(self):
        return self._env["oauth2.provider.client"].with_context(active_test=False)

    def policy(self):
        return self._policy()

    def is_initial_access_token(self, token_hash, now):
        return bool(self._find_initial_access_token(token_hash, now, lock=False))

    def use_initial_access_token(self, token_hash, now):
        token_id = self._find_initial_access_token(token_hash, now, lock=True)
        if not token_id:
            return False
        execute(
            self._env.cr,
            """UPDATE oauth2_provider_initial_access_token
                  SET uses = uses + 1, last_used_at = %s WHERE id = %s""",
            [to_timestamp(now), token_id],
        )
        self._env["oauth2.provider.initial.access.token"].invalidate_model(["uses", "last_used_at"])
        return True

    def _find_initial_access_token(self, token_hash, now, *, lock):
        row = fetch_one(
            self._env.cr,
            f"""SELECT id FROM oauth2_provider_initial_access_token
                 WHERE token_hash = %s AND active AND expires_at > %s
                   AND (maximum_uses = 0 OR uses < maximum_uses)
                   {"FOR UPDATE SKIP LOCKED" if lock else ""}""",
            [token_hash, to_timestamp(now)],
        )
        return row and row["id"]

    def count(self, address, since):
        row = fetch_one(
            self._env.cr,
            """SELECT (SELECT count(*) FROM oauth2_provider_client
                        WHERE registered_at IS NOT NULL AND document_host IS NULL) AS clients,
                      count(*) AS recent,
                      count(*) FILTER (WHERE ip_address = %s) AS recent_of_address
                 FROM oauth2_provider_event
                WHERE event_type = 'client_registered' AND occurred_at > %s""",
            [address, to_timestamp(since)],
        )
        return RegistrationCounts(**row)

    def add(self, client_identifier, change, now, *, is_anonymous):
        values = self._values(client_identifier, change)
        values |= {
            "client_identifier": client_identifier,
            "registered_at": to_timestamp(now),
            "is_anonymous": is_anonymous,
            "logo": redraw(change.logo.body) if change.logo else False,
        }
        self._write(lambda: self._clients.create(values), change)

    def find(self, client_identifier, token_hash, *, to_change):
        # Of two changes at the same moment the second one comes with a token that ends now.
        row = fetch_one(
            self._env.cr,
            f"""SELECT id FROM oauth2_provider_client
                 WHERE client_identifier = %s AND registration_token_hash = %s AND active
                   {"FOR NO KEY UPDATE SKIP LOCKED" if to_change else ""}""",
            [client_identifier, token_hash],
        )
        if row is None:
            return None
        client = self._clients.browse(row["id"])
        return Registration(
            client_identifier=client.client_identifier,
            metadata=json.loads(client.registration_metadata),
            issued_at=to_seconds(client.registered_at),
            has_secret=bool(client.secret_ids),
            is_anonymous=client.is_anonymous,
        )

    def replace(self, client_identifier, change):
        client = self._find(client_identifier)
        before = json.loads(client.registration_metadata)
        values = self._values(client_identifier, change)
        if change.metadata.get("logo_uri") != before.get("logo_uri") or change.logo:
            values["logo"] = redraw(change.logo.body) if change.logo else False

        def write():
            client.write(values)
            return client

        self._write(write, change)
        if looks_different(before, change.metadata):
            client._ask_again()

    def delete(self, client_identifier):
        # The events about it come first.
        self._env.cr.flush()
        self._find(client_identifier).unlink()

    def _values(self, client_identifier, change):
        metadata, profile = change.metadata, change.security_profile
        values = client_values(self._clients, client_identifier, metadata, profile)
        return {**values, "registration_token_hash": change.registration_token_hash}

    def _find(self, client_identifier):
        return self._clients.search([("client_identifier", "=", client_identifier)])

    def _write(self, write, change):
        """:raises ValueError: if a rule of the records forbids it; nothing of it is left then"""
        try:
            with self._env.cr.savepoint():
                client = write()
                if change.secret_hash:
                    self._env["oauth2.provider.client.secret"].create(
                        {"client_id": client.id, "secret_hash": change.secret_hash}
                    )
                self._env.flush_all()
        except UserError as error:
            raise ValueError(str(error)) from error
