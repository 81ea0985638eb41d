"""The screens as an administrator uses them, in a browser."""

from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install", "neighbours")
class TestTours(HttpCase):
    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.issuer", "https://odoo.example.com")
        parameters.set_param("oauth2_provider.issuer_confirmed", "1")
        new_test_user(
            self.env,
            "oauth2-administrator",
            groups="oauth2_provider.group_oauth2_administrator",
            password="oauth2-administrator-password",
        )

    def play(self, tour):
        self.start_tour("/odoo/oauth2-applications", tour, login="oauth2-administrator")
        return self.env["oauth2.provider.client"].search([], order="id desc", limit=1)

    def test_connect_another_odoo(self):
        client = self.play("oauth2_provider_connect_odoo")
        self.assertEqual(client.name, "projects.example.com")
        self.assertEqual(client.security_profile, "odoo_login")
        self.assertEqual(
            client.redirect_uri_ids.mapped("uri"),
            ["https://projects.example.com/auth_oauth/signin"],
        )

    def test_new_application_with_a_secret(self):
        client = self.play("oauth2_provider_new_application")
        self.assertEqual(client.name, "Customer portal")
        self.assertEqual(client.security_profile, "oauth21")
        self.assertEqual(
            client.redirect_uri_ids.mapped("uri"), ["https://portal.example.com/callback"]
        )
        self.assertEqual(len(client.secret_ids), 1)
