"""What outlives a token: links to choose a password, what e-mails make, where messages are sent."""

from unittest.mock import patch

from odoo import api
from odoo.addons.base.models.res_partner import ResPartner
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .api_case import ApiCase

MAIL = (
    "From: Mallory <mallory@example.com>\r\nTo: nobody@in.example.org\r\n"
    "Subject: hello\r\nMessage-Id: <y@example.com>\r\n\r\nhello\r\n"
)


@tagged("post_install", "-at_install")
class TestLinks(ApiCase):
    def call(self, *args, **kwargs):
        with mute_logger("odoo.http"):
            return super().call(*args, **kwargs)

    def composed(self, user):
        """What a message made from the template of a new password says, to whom the token may read it."""
        token = self.token("openid odoo.write")
        values = {
            "model": "res.users",
            "res_ids": str(user.ids),
            "template_id": self.env.ref("auth_signup.set_password_email").id,
            "composition_mode": "comment",
            "partner_ids": [[6, 0, self.person.partner_id.ids]],
        }
        response = self.call(token, "mail.compose.message", "create", vals_list=[values])
        if response.status_code != 200:
            return response.text
        read = self.call(
            token, "mail.compose.message", "read", ids=response.json(), fields=["body"]
        )
        return read.text

    def test_o11_no_link_for_a_new_password(self):
        self.assertNotIn("token=", self.composed(self.person))

    def test_o11_no_link_for_a_colleague_s_new_password(self):
        self.person.group_ids += self.env.ref("base.group_system")
        grace = new_test_user(self.env, "grace", groups="base.group_user", email="g@example.com")
        self.env.flush_all()
        self.assertNotIn("token=", self.composed(grace))

    def test_o11_no_link_in_a_preview(self):
        token = self.token("openid odoo.write")
        values = {
            "mail_template_id": self.env.ref("auth_signup.set_password_email").id,
            "resource_ref": f"res.users,{self.person.id}",
        }
        response = self.call(token, "mail.template.preview", "create", vals_list=[values])
        if response.status_code == 200:
            response = self.call(
                token,
                "mail.template.preview",
                "read",
                ids=response.json(),
                fields=["body_html"],
            )
        self.assertNotIn("token=", response.text)

    def test_o11_no_invitation_of_a_contact(self):
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        found = self.own.signup_get_auth_param()[self.own.id]
        self.assertIn("auth_signup_token", found, "without a token it works")
        self.env.flush_all()
        token = self.token("openid odoo.write")
        self.assertEqual(
            self.result(token, "res.partner", "signup_get_auth_param", ids=self.own.ids), {}
        )

    def test_o11_no_e_mail_is_brought_in(self):
        token = self.token("openid odoo.write")
        self.assert_forbidden(
            token,
            "res.partner",
            "message_process",
            model="res.partner",
            message=MAIL,
            custom_values={"name": "By mail"},
        )
        self.assertFalse(self.env["res.partner"].search([("name", "=", "By mail")]))

    def test_o11_no_alias_links_records(self):
        self.person.group_ids += self.env.ref("base.group_system")
        self.env.flush_all()
        token = self.token("openid odoo.write")
        values = {
            "alias_name": "takeover",
            "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            "alias_defaults": str({"user_ids": [(4, self.person.id)]}),
        }
        self.assert_forbidden(token, "mail.alias", "create", vals_list=[values])

    def test_o11_no_alias_links_records_by_way_of_code_as_superuser(self):
        self.person.group_ids += self.env.ref("base.group_system")
        alias = self.env["mail.alias"].create(
            {"alias_name": "a", "alias_model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        self.env.flush_all()
        token = self.token("openid odoo.write")

        def run(partners, defaults):
            alias.with_env(partners.sudo().env).alias_defaults = defaults

        partners = self.env["res.partner"]
        with patch.object(ResPartner, "run_it", api.model(run), create=True):
            links = str({"user_ids": [(4, self.person.id)]})
            self.assert_forbidden(token, partners._name, "run_it", defaults=links)
            self.result(token, partners._name, "run_it", defaults=str({"city": "Liege"}))

    def test_o11_no_device_gets_the_messages(self):
        token = self.token("openid odoo.write")
        self.assert_forbidden(
            token,
            "mail.push.device",
            "register_devices",
            vapid_public_key="x",
            endpoint="https://evil.example/push",
            keys={"p256dh": "x", "auth": "y"},
        )
        self.assertFalse(self.env["mail.push.device"].search([("endpoint", "like", "evil")]))
