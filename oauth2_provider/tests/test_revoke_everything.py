"""One action ends every token, code, consent and waiting device: what a restored backup needs."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ProviderCase

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@tagged("post_install", "-at_install")
class TestRevokeEverything(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write({"use_refresh_token": True, "use_device": True})

    def settings(self, user=None):
        settings = self.env["res.config.settings"]
        return settings.with_user(user or self.env.ref("base.user_admin")).browse()

    def error_of(self, response):
        return response.json().get("error")

    def refresh(self, token):
        return self.post_token(
            {
                "grant_type": "refresh_token",
                "refresh_token": token,
                "client_id": self.application.client_identifier,
                "client_secret": "a-secret-of-the-tests",
            }
        )

    def test_everything_that_was_issued_ends(self):
        tokens = self.redeem(self.obtain_code()).json()
        code = self.obtain_code()
        waiting = self.url_open(
            "/oauth2/device_authorization",
            data={
                "client_id": self.application.client_identifier,
                "client_secret": "a-secret-of-the-tests",
                "scope": "openid",
            },
        ).json()
        self.assertTrue(self.env["oauth2.provider.consent"].search([]))
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 200)

        action = self.settings().action_oauth2_revoke_everything()

        self.assertIn("2", action["params"]["message"])
        self.assertEqual(self.error_of(self.userinfo(tokens["access_token"])), "invalid_token")
        self.assertEqual(self.error_of(self.refresh(tokens["refresh_token"])), "invalid_grant")
        self.assertEqual(self.error_of(self.redeem(code)), "invalid_grant")
        asked = self.post_token(
            {
                "grant_type": DEVICE_GRANT,
                "device_code": waiting["device_code"],
                "client_id": self.application.client_identifier,
                "client_secret": "a-secret-of-the-tests",
            }
        )
        self.assertEqual(self.error_of(asked), "invalid_grant")
        for model in ("consent", "authorization.request", "device.code"):
            self.assertFalse(self.env[f"oauth2.provider.{model}"].search_count([]), model)

    def test_people_log_in_and_agree_once_more(self):
        self.obtain_code()
        self.settings().action_oauth2_revoke_everything()
        page = self.authorize()
        self.assertEqual(page.status_code, 200)
        code = self.answer(self.press(page, "allow"))["code"]
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_each_end_is_in_the_audit_trail_with_who_did_it(self):
        self.obtain_code()
        self.settings().action_oauth2_revoke_everything()
        event = self.env["oauth2.provider.event"].search([("event_type", "=", "revoked")], limit=1)
        self.assertIn("everything", event.detail)
        self.assertEqual(event.user_id, self.person)

    def test_only_system_administrators_may(self):
        token = self.redeem(self.obtain_code()).json()["access_token"]
        for name, groups in (
            ("operator", "oauth2_provider.group_oauth2_administrator"),
            ("manager", "base.group_erp_manager"),
            ("clerk", "base.group_user"),
        ):
            user = new_test_user(self.env, name, groups=groups)
            with self.subTest(groups), self.assertRaises(AccessError):
                self.settings(user).action_oauth2_revoke_everything()
        self.assertEqual(self.userinfo(token).status_code, 200)
