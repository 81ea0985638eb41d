"""What the tests of the records share: people of each kind, an application, and something to revoke."""

from datetime import timedelta
from hashlib import sha256
from itertools import count

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

_numbers = count()


class RecordsCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("oauth2_provider.issuer", "https://odoo.example.com")
        parameters.set_param("oauth2_provider.issuer_confirmed", "1")
        cls.administrator = new_test_user(
            cls.env, "oauth2-administrator", groups="oauth2_provider.group_oauth2_administrator"
        )
        cls.ada = new_test_user(cls.env, "ada", groups="base.group_user", email="ada@example.com")
        cls.bob = new_test_user(cls.env, "bob", groups="base.group_portal", email="bob@example.com")
        cls.client = cls.create_client()

    @classmethod
    def create_client(cls, **values):
        return cls.env["oauth2.provider.client"].create(
            {
                "name": "Test application",
                "redirect_uri_ids": [Command.create({"uri": "https://app.example.com/callback"})],
                **values,
            }
        )

    def have_subqueries_read_for_each_row(self):
        """A plan that PostgreSQL may choose for small tables: then the limit of one holds for each reading."""
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(f"enable_{way}")))

    def authorize(self, user, client=None, *, lifetime=timedelta(hours=1)):
        """An authorization as the server stores it."""
        now = fields.Datetime.now()
        return self.env["oauth2.provider.authorization"].create(
            {
                "client_id": (client or self.client).id,
                "user_id": user.id,
                "scope": "openid email",
                "created_at": now,
                "expires_at": now + lifetime,
                "session_hash": new_hash(),
            }
        )

    def consent(self, user, client=None):
        return self.env["oauth2.provider.consent"].create(
            {
                "client_id": (client or self.client).id,
                "user_id": user.id,
                "scope": "openid email",
                "granted_at": fields.Datetime.now(),
            }
        )

    def events(self, event_type, client=None):
        return self.env["oauth2.provider.event"].search(
            [("event_type", "=", event_type), ("client_id", "=", (client or self.client).id)]
        )

    def reasons(self, authorization):
        return authorization.revocation_ids.mapped("reason")


def new_hash():
    """A hash that no other row has."""
    return sha256(str(next(_numbers)).encode()).hexdigest()
