"""Connect another Odoo: the form, the page with the values, and the file for the import."""

import base64
import csv
import io

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .records_case import RecordsCase


@tagged("post_install", "-at_install")
class TestConnectOdoo(RecordsCase):
    def connect(self, address, **values):
        wizard = self.env["oauth2.provider.connect.odoo"].with_user(self.administrator)
        action = wizard.create({"address": address, **values}).action_connect()
        return self.env["oauth2.provider.client"].browse(action["res_id"]), action

    def test_one_address_makes_the_application(self):
        client, action = self.connect("https://Other.example.com/odoo/settings?debug=1")
        self.assertEqual(client.security_profile, "odoo_login")
        self.assertEqual(client.name, "other.example.com")
        self.assertEqual(
            client.redirect_uri_ids.mapped("uri"), ["https://other.example.com/auth_oauth/signin"]
        )
        self.assertFalse(client.local_development)
        self.assertEqual(
            action["views"][0][0],
            self.env.ref("oauth2_provider.view_client_connect_odoo").id,
        )

    def test_the_form_shows_what_it_understood(self):
        with Form(self.env["oauth2.provider.connect.odoo"]) as form:
            form.address = "other.example.com/web/login"
            self.assertEqual(form.address, "https://other.example.com")
            self.assertEqual(form.name, "other.example.com")
            form.address = "http://127.0.0.1:8070"
            self.assertTrue(form.is_local)

    def test_r26_http_is_for_this_computer_alone(self):
        client, _action = self.connect("http://127.0.0.1:8070", name="Local")
        self.assertTrue(client.local_development)
        for refused in (
            "http://other.example.com",
            "http://localhost.example.com",
            "ftp://x",
            "",
            "https://",
        ):
            with self.subTest(refused), self.assertRaises(ValidationError):
                self.connect(refused)

    def test_tells_about_the_issuer_before_the_form_is_filled_in(self):
        self.env["ir.config_parameter"].set_param("oauth2_provider.issuer_confirmed", False)
        with self.assertRaises(RedirectWarning):
            Form(self.env["oauth2.provider.connect.odoo"])

    def test_the_page_follows_the_order_of_odoos_own_form(self):
        client, _action = self.connect("https://other.example.com")
        arch = client.get_view(self.env.ref("oauth2_provider.view_client_connect_odoo").id)["arch"]
        positions = [
            arch.index(f'<field name="{name}" widget="CopyClipboardChar"')
            for name in (
                "odoo_provider_name",
                "client_identifier",
                "odoo_login_label",
                "authorization_endpoint",
                "odoo_scope",
                "userinfo_endpoint",
            )
        ]
        self.assertEqual(positions, sorted(positions))
        for note in (
            "auth_oauth.authorization_header",
            "Free sign up",
            "reset-password link",
            "other sessions",
        ):
            self.assertIn(note, arch)


@tagged("post_install", "-at_install")
class TestAccountExport(RecordsCase):
    def rows(self, client=None, other_users=None):
        export = (
            self.env["oauth2.provider.account.export"]
            .with_user(self.administrator)
            .create(
                {
                    "client_id": (client or self.client).id,
                    "other_users": other_users and base64.b64encode(other_users.encode()),
                }
            )
        )
        self.assertIn(f"/{export.id}/content?download=true", export.action_download()["url"])
        return list(csv.DictReader(io.StringIO(base64.b64decode(export.content).decode())))

    def test_all_accounts_by_login_and_subject(self):
        subjects = {row["login"]: row["oauth_uid"] for row in self.rows()}
        self.assertEqual(subjects["ada"], self.ada.oauth2_subject)
        self.assertEqual(subjects["bob"], self.bob.oauth2_subject)
        self.assertNotIn(self.env.ref("base.public_user").login, subjects)

    def test_only_who_may_use_the_application(self):
        internal = {row["login"] for row in self.rows(self.create_client(allowed_users="internal"))}
        self.assertIn("ada", internal)
        self.assertNotIn("bob", internal)
        group = self.env["res.groups"].create(
            {"name": "Few", "user_ids": [Command.link(self.bob.id)]}
        )
        client = self.create_client(group_ids=[Command.link(group.id)])
        self.assertEqual([row["login"] for row in self.rows(client)], ["bob"])

    def test_existing_accounts_are_found_by_their_external_id(self):
        rows = self.rows(
            other_users='\ufeff"id","login"\n"x.user_1","ADA"\n"x.user_2","stranger"\n'
        )
        self.assertEqual(
            rows,
            [
                {
                    "id": "x.user_1",
                    "login": "ADA",
                    "oauth_provider_id": self.env.company.name,
                    "oauth_uid": self.ada.oauth2_subject,
                }
            ],
        )

    def test_a_file_that_is_no_such_export_is_refused(self):
        for content in ("name\nAda", "id;login\n1;ada", ""):
            with self.subTest(content), self.assertRaises(UserError):
                self.rows(other_users=content or "\x00")

    def test_u10_a_name_cannot_become_a_formula(self):
        self.bob.name = "=HYPERLINK(1)"
        names = {row["login"]: row["name"] for row in self.rows()}
        self.assertEqual(names["bob"], "'=HYPERLINK(1)")
