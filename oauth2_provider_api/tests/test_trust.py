"""Trust and rights in Odoo together are given by those who manage rights, in whichever order."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .api_case import ApiCase

MODEL = "oauth2.provider.client"


@tagged("post_install", "-at_install")
class TestTrust(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("oauth2_provider.issuer", "https://odoo.example.com")
        parameters.set_param("oauth2_provider.issuer_confirmed", "1")
        cls.administrator = new_test_user(
            cls.env, "apps", groups="oauth2_provider.group_oauth2_administrator"
        )
        cls.system = new_test_user(cls.env, "system", groups="base.group_system")
        scopes = cls.env["oauth2.provider.scope"]
        cls.write_scope = scopes.search([("name", "=", "odoo.write")])
        cls.openid = scopes.search([("name", "=", "openid")])
        cls.client = cls.env[MODEL].create(
            {"name": "App", "redirect_uri_ids": [Command.create({"uri": "https://app.example/"})]}
        )

    def call(self, user, model, method, *args):
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            answer = self.url_open("/web/dataset/call_kw", json={"params": params}).json()
        self.env.invalidate_all()
        return answer["error"]["data"]["name"] if "error" in answer else "done"

    def change(self, user, **values):
        return self.call(user, MODEL, "write", self.client.ids, values)

    def test_u12_an_oauth_administrator_does_not_bring_trust_and_rights_together(self):
        refused = "odoo.exceptions.AccessError"
        scopes = [Command.link(self.write_scope.id)]
        both = {"name": "Both", "is_trusted": True, "scope_ids": scopes}
        self.assertEqual(self.call(self.administrator, MODEL, "create", both), refused)
        self.assertEqual(self.change(self.administrator, is_trusted=True), "done")
        self.assertEqual(self.change(self.administrator, scope_ids=scopes), refused)
        self.assertEqual(self.change(self.administrator, is_trusted=False), "done")
        self.assertEqual(self.change(self.administrator, scope_ids=scopes), "done")
        self.assertEqual(self.change(self.administrator, is_trusted=True), refused)
        self.assertEqual(self.change(self.system, is_trusted=True), "done")

    def test_u12_nor_takes_over_an_application_that_has_both(self):
        refused = "odoo.exceptions.AccessError"
        self.client.write({"is_trusted": True, "scope_ids": [Command.link(self.write_scope.id)]})
        addresses = "oauth2.provider.redirect.uri"
        evil = {"client_id": self.client.id, "uri": "https://evil.example/"}
        self.assertEqual(self.call(self.administrator, addresses, "create", evil), refused)
        through = [[0, 0, {"uri": "https://evil.example/"}]]
        self.assertEqual(self.change(self.administrator, redirect_uri_ids=through), refused)
        self.assertEqual(self.change(self.administrator, jwks_uri="https://evil.example/"), refused)
        self.assertEqual(self.call(self.system, addresses, "create", evil), "done")

    def test_u12_nor_by_the_name_of_a_scope(self):
        refused = "odoo.exceptions.AccessError"
        mine = self.env["oauth2.provider.scope"].create({"name": "mine", "description": "Mine"})
        self.client.write({"is_trusted": True, "scope_ids": mine.ids})
        old = self.write_scope.ids
        self.assertEqual(
            self.call(self.administrator, mine._name, "write", old, {"name": "old"}), refused
        )
        self.write_scope.name = "old"
        self.assertEqual(
            self.call(self.administrator, mine._name, "write", mine.ids, {"name": "odoo.write"}),
            refused,
        )


@tagged("post_install", "-at_install")
class TestRememberedConsent(ApiCase):
    def test_u03_u12_it_does_not_follow_an_address(self):
        """Nor does an administrator who manages no rights lead those of others elsewhere."""
        token = self.token("openid odoo.write")
        administrator = new_test_user(
            self.env, "apps", groups="oauth2_provider.group_oauth2_administrator"
        )
        elsewhere = "https://elsewhere.example/callback"
        application = self.application.with_user(administrator)
        application.redirect_uri_ids = [Command.create({"uri": elsewhere})]
        self.env["oauth2.provider.client.secret"].with_user(administrator)._generate(application)
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        page = self.authorize(scope="openid odoo.write", redirect_uri=elsewhere)
        self.assertIn('id="oauth2_consent"', page.text, page.headers.get("Location"))
        self.forget_session()
        self.result(token, "res.partner", "read", ids=self.own.ids, fields=["name"])
