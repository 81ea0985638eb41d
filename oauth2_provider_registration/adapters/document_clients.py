"""Applications that came with the address of their metadata, as the protocol sees them."""

import json

from odoo.addons.oauth2_provider.adapters.sql_store.rows import (
    execute,
    fetch_one,
    to_seconds,
    to_timestamp,
)
from odoo.addons.oauth2_provider.protocol.client_registration.ports import (
    DocumentClient,
    DocumentClientCounts,
)
from odoo.exceptions import UserError

from .logos import redraw
from .metadata_fields import client_values


class OdooDocumentClients:
    """:param env: of the superuser, since who comes is nobody
    :param policy: called when it is needed, since hardly a request is of such an application
    """

    def __init__(self, env, policy):
        self._env = env(context={**env.context, "mail_create_nosubscribe": True})
        self._policy = policy
        self._chosen = None

    def policy(self):
        self._chosen = self._chosen or self._policy()
        return self._chosen

    def find(self, address):
        row = fetch_one(
            self._env.cr,
            """SELECT active, registration_metadata, document_fetched_at, document_expires_at
                 FROM oauth2_provider_client
                WHERE client_identifier = %s AND document_host IS NOT NULL""",
            [address],
        )
        return row and DocumentClient(
            is_active=row["active"],
            metadata=json.loads(row["registration_metadata"]),
            fetched_at=to_seconds(row["document_fetched_at"]),
            expires_at=to_seconds(row["document_expires_at"]),
        )

    def count(self, host):
        row = fetch_one(
            self._env.cr,
            """SELECT count(*) AS clients, count(*) FILTER (WHERE document_host = %s) AS clients_of_host
                 FROM oauth2_provider_client WHERE document_host IS NOT NULL""",
            [host],
        )
        return DocumentClientCounts(**row)

    def save(self, address, change):
        """Two requests never come here with the same address at once: the one that claimed the fetch does."""
        client = self._client(address)
        values = self._values(change)
        if not client:
            values |= {
                "client_identifier": address,
                "registered_at": to_timestamp(change.fetched_at),
                "is_anonymous": True,
            }
        try:
            with self._env.cr.savepoint():
                if client:
                    client.write(values)
                else:
                    client.create(values)
                self._env.flush_all()
        except UserError as error:
            raise ValueError(str(error)) from error
        if change.forgets_consents:
            client._ask_again()
        if change.ends_connections:
            client._revoke_authorizations("client")

    def renew(self, address, fetched_at, expires_at):
        execute(
            self._env.cr,
            """UPDATE oauth2_provider_client SET document_fetched_at = %s, document_expires_at = %s
                WHERE client_identifier = %s""",
            [to_timestamp(fetched_at), to_timestamp(expires_at), address],
        )
        self._client(address).invalidate_recordset(["document_fetched_at", "document_expires_at"])

    def _client(self, address):
        clients = self._env["oauth2.provider.client"].with_context(active_test=False)
        return clients.search([("client_identifier", "=", address)])

    def _values(self, change):
        clients = self._env["oauth2.provider.client"]
        values = client_values(clients, change.host, change.metadata, "oauth21")
        values |= {
            "name": change.metadata.get("client_name") or change.host,
            "document_host": change.host,
            "document_fetched_at": to_timestamp(change.fetched_at),
            "document_expires_at": to_timestamp(change.expires_at),
        }
        if change.logo or change.drops_logo:
            values["logo"] = redraw(change.logo.body) if change.logo else False
        return values
