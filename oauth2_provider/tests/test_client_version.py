"""What workers keep of an application, and that they notice every change of it."""

import re

from odoo import Command
from odoo.addons.oauth2_provider.adapters.sql_store.clients import _FIND_CLIENT
from odoo.addons.oauth2_provider.models.oauth2_provider_client_version import AFFECTED
from odoo.tests import tagged

from .common import SECRET, ProviderCase
from .records_case import RecordsCase


@tagged("post_install", "-at_install")
class TestClientVersion(RecordsCase):
    def setUp(self):
        super().setUp()
        self.other = self.client.copy({"name": "Another application"})
        self.group = self.env["res.groups"].create({"name": "Readers"})
        self.scope = self.env["oauth2.provider.scope"].create(
            {"name": "reports", "description": "Your reports"}
        )
        self.level = self.env["oauth2.provider.authentication.level"].create({"name": "gold"})
        self.resource = self.env["oauth2.provider.resource"].create(
            {"name": "Reports", "identifier": "https://reports.example.com"}
        )

    def version(self, client=None):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT version FROM oauth2_provider_client WHERE id = %s", [(client or self.client).id]
        )
        return self.env.cr.fetchone()[0]

    def assert_another_version(self, changes):
        for name, change in changes.items():
            with self.subTest(name):
                before, others = self.version(), self.version(self.other)
                change()
                self.assertNotEqual(self.version(), before)
                if name != "service archived":
                    self.assertEqual(self.version(self.other), others)

    def test_each_table_behind_a_client_is_watched(self):
        tables = set(re.findall(r"\boauth2_provider_\w+", _FIND_CLIENT))
        self.assertEqual(tables, AFFECTED.keys())

    def test_changes_of_what_belongs_to_a_client(self):
        client, env = self.client, self.env
        address = {"client_id": client.id, "uri": "https://app.example.com/more"}
        changes = {"field": lambda: client.write({"name": "Other name"})}
        for model in ("redirect.uri", "request.uri", "post.logout.redirect.uri"):
            records = env[f"oauth2.provider.{model}"]
            own = [("client_id", "=", client.id)]
            changes |= {
                f"{model} added": lambda records=records: records.create(address),
                f"{model} changed": lambda records=records, own=own: records.search(
                    own, limit=1
                ).write({"uri": "https://app.example.com/other"}),
                f"{model} removed": lambda records=records, own=own: records.search(own).unlink(),
            }
        changes |= {
            "secret added": lambda: env["oauth2.provider.client.secret"]._generate(client),
            "secret ends": lambda: client.secret_ids.write({"expires_at": "2030-01-01"}),
            "secret removed": lambda: client.secret_ids.unlink(),
            "claim added": lambda: client.action_add_groups_claim(),
            "claim changed": lambda: client.claim_ids.write({"scope_id": self.scope.id}),
        }
        self.assert_another_version(changes)

    def test_changes_of_what_a_client_refers_to(self):
        client, scope = self.client, self.scope
        self.assert_another_version(
            {
                "scope given": lambda: client.write({"scope_ids": [Command.link(scope.id)]}),
                "scope renamed": lambda: scope.write({"name": "statistics"}),
                "scope deleted": lambda: scope.unlink(),
                "group given": lambda: client.write({"group_ids": [Command.link(self.group.id)]}),
                "group taken": lambda: client.write({"group_ids": [Command.clear()]}),
                "level given": lambda: client.write({"required_level_id": self.level.id}),
                "level renamed": lambda: self.level.write({"name": "silver"}),
                "resource served": lambda: self.resource.write(
                    {"introspection_client_id": client.id}
                ),
                "resource moved": lambda: self.resource.write(
                    {"identifier": "https://numbers.example.com"}
                ),
                "resource deleted": lambda: self.resource.unlink(),
                "token taken": lambda: client.write(
                    {"exchange_client_ids": [Command.link(self.other.id)]}
                ),
                "service called": lambda: client.write(
                    {"exchange_target_ids": [Command.link(self.other.id)]}
                ),
                "service archived": lambda: self.other.write({"active": False}),
            }
        )

    def test_sql_that_somebody_types_is_seen_too(self):
        statements = (
            "UPDATE oauth2_provider_client SET is_trusted = TRUE WHERE id = %s",
            "DELETE FROM oauth2_provider_redirect_uri WHERE client_id = %s",
        )
        self.assert_another_version(
            {
                query: lambda query=query: self.env.cr.execute(query, [self.client.id])
                for query in statements
            }
        )

    def test_the_last_use_of_a_secret_is_no_change(self):
        self.env["oauth2.provider.client.secret"]._generate(self.client)
        before = self.version()
        self.env.cr.execute("UPDATE oauth2_provider_client_secret SET last_used_at = now()")
        self.assertEqual(self.version(), before)


@tagged("post_install", "-at_install")
class TestClientCache(ProviderCase):
    def setUp(self):
        super().setUp()
        self.application.write(
            {
                "use_client_credentials": True,
                "service_user_id": self.person.id,
                "scope_ids": [
                    Command.create({"name": "reports", "description": "Your reports"}),
                ],
            }
        )
        self.env.flush_all()
        self.assertEqual(self.ask(), "token")

    def ask(self):
        """Ask for a token; returns "token", or the error."""
        self.env.flush_all()
        answer = self.post_token(
            {
                "grant_type": "client_credentials",
                "client_id": self.application.client_identifier,
                "client_secret": SECRET,
            }
        ).json()
        return "token" if "access_token" in answer else answer["error"]

    def test_a_change_acts_at_the_next_request(self):
        self.application.use_client_credentials = False
        self.assertEqual(self.ask(), "unauthorized_client")
        self.application.use_client_credentials = True
        self.assertEqual(self.ask(), "token")
        self.application.secret_ids.expires_at = "2020-01-01"
        self.assertEqual(self.ask(), "invalid_client")

    def test_an_archived_application_is_unknown_at_once(self):
        self.application.active = False
        self.assertEqual(self.ask(), "invalid_client")

    def test_a_change_that_is_rolled_back_leaves_nothing(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.application.use_client_credentials = False
            self.assertEqual(self.ask(), "unauthorized_client")
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(self.ask(), "token")
