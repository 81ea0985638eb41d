"""How long things live that an administrator sets for each application: tokens, connections, secrets."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import SECRET, ProviderCase

COLUMNS = {"authorization": ("created_at", "expires_at"), "token": ("issued_at", "expires_at")}


@tagged("post_install", "-at_install")
class TestLifetimesAndSecrets(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write(
            {
                "use_refresh_token": True,
                "offline_access": "always",
                "access_token_lifetime": 77,
                "refresh_token_idle_lifetime": 1000,
                "refresh_token_lifetime": 1500,
            }
        )
        cls.env.flush_all()

    def tokens(self):
        return self.redeem(self.obtain_code()).json()

    def refresh(self, token):
        return self.post_token(
            {
                "grant_type": "refresh_token",
                "refresh_token": token,
                "client_id": self.application.client_identifier,
                "client_secret": SECRET,
            }
        )

    def let_pass(self, seconds):
        """All that was issued becomes older."""
        for table, columns in COLUMNS.items():
            changes = ", ".join(
                f"{name} = {name} - %(time)s * interval '1 second'" for name in columns
            )
            self.env.cr.execute(f"UPDATE oauth2_provider_{table} SET {changes}", {"time": seconds})

    def test_access_tokens(self):
        tokens = self.tokens()
        self.assertEqual(tokens["expires_in"], 77)
        self.let_pass(70)
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 200)
        self.let_pass(10)
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 401)

    def test_an_unused_connection_ends(self):
        token = self.tokens()["refresh_token"]
        self.let_pass(1001)
        self.assertEqual(self.refresh(token).json()["error"], "invalid_grant")

    def test_a_used_connection_lasts_until_its_absolute_end(self):
        token = self.tokens()["refresh_token"]
        self.let_pass(900)
        token = self.refresh(token).json()["refresh_token"]
        # The minute that the code may take comes before it.
        self.let_pass(610)
        answer = self.refresh(token).json()
        # What is left of the connection is all that the token gets.
        self.assertLessEqual(answer["expires_in"], 50)
        self.let_pass(51)
        self.assertEqual(self.refresh(answer["refresh_token"]).json()["error"], "invalid_grant")

    def test_secrets_overlap_and_expire_and_show_their_last_use(self):
        secrets = self.env["oauth2.provider.client.secret"]
        old = self.application.secret_ids
        self.assertFalse(old.last_used_at)
        plain = secrets._generate(self.application)
        self.env.flush_all()
        new = self.application.secret_ids - old
        self.assertEqual(new.hint, plain[-4:])
        self.assertEqual(self.redeem(self.obtain_code()).status_code, 200)
        self.assertEqual(self.redeem(self.obtain_code(), secret=plain).status_code, 200)
        secrets.invalidate_model()
        for secret in old | new:
            self.assertAlmostEqual(
                secret.last_used_at, fields.Datetime.now(), delta=timedelta(minutes=1)
            )
        old.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        refused = self.redeem(self.obtain_code())
        self.assertEqual((refused.status_code, refused.json()["error"]), (401, "invalid_client"))
        self.assertEqual(self.redeem(self.obtain_code(), secret=plain).status_code, 200)
        new.unlink()
        self.env.flush_all()
        refused = self.redeem(self.obtain_code(), secret=plain)
        self.assertEqual(refused.json()["error"], "invalid_client")
