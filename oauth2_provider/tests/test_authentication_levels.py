"""How somebody logged in, what an application learns of it, and needing more (OpenID Connect Core §2, §5.5.1.1)."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .level_case import LevelCase
from .records_case import RecordsCase


@tagged("post_install", "-at_install", "neighbours")
class TestAuthenticationMethods(LevelCase):
    """amr of the logins that every Odoo knows. Those of further add-ons: test_codes.py, test_passkeys.py."""

    def test_password(self):
        self.assertEqual(self.amr(self.authorize()), ["pwd"])

    def test_another_provider_and_a_directory(self):
        """Their add-ons answer for the first factor in a way of their own; of another provider we do not know how it
        checked the person."""
        users = type(self.env["res.users"])
        for method, expected in (("oauth", None), ("ldap", ["pwd"])):
            answer = {"uid": self.person.id, "auth_method": method, "mfa": "default"}
            with (
                self.subTest(method),
                patch.object(users, "_login", lambda *_args, _answer=answer, **_kw: _answer),
            ):
                self.authenticate(None, None)
                self.assertEqual(self.amr(self.authorize()), expected)


@tagged("post_install", "-at_install", "neighbours")
class TestStepUp(LevelCase):
    """Levels of people who have a password and nothing else."""

    def test_acr_values_are_answered(self):
        self.log_in(self.authorize())
        for wanted, told in (("mfa sfa", "sfa"), ("phr", "sfa"), ("unheard-of", "sfa")):
            self.assertEqual(self.id_token_of(self.authorize(acr_values=wanted))["acr"], told)
        self.assertNotIn("acr", self.id_token_of(self.authorize()))

    def test_whoever_has_nothing_is_told_what_to_do(self):
        self.hold_to("level_second_factor")
        page = self.log_in(self.authorize())
        self.assertIn("oauth2_factor_missing", page.text)
        self.assertIn(f"/odoo/my-preferences/{self.person.id}", page.text)
        answer = self.answer(self.step_up(page, "account", step_up="give_up", account="continue"))
        self.assertEqual(answer["error"], "unmet_authentication_requirements")
        answer = self.answer(self.authorize(prompt="none"))
        self.assertEqual(answer["error"], "unmet_authentication_requirements")

    def test_a_stock_odoo_is_held_to_a_level_too(self):
        self.application.write(
            {"security_profile": "odoo_login", "use_implicit": False, "use_hybrid": False}
        )
        self.hold_to("level_second_factor")
        page = self.log_in(self.authorize(response_type="token", nonce=None))
        self.assertIn("oauth2_factor_missing", page.text)

    def test_own_names(self):
        self.env.ref("oauth2_provider.level_second_factor").name = "https://example.com/levels/2"
        self.env["oauth2.provider.authentication.level"].create(
            {"name": "silver", "requirement": "any", "sequence": 99}
        )
        self.env.flush_all()
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertEqual(
            document["acr_values_supported"],
            ["sfa", "silver", "https://example.com/levels/2", "phr"],
        )
        self.log_in(self.authorize())
        self.assertEqual(self.id_token_of(self.authorize(acr_values="silver"))["acr"], "silver")
        self.assertEqual(self.id_token_of(self.authorize(acr_values="mfa"))["acr"], "silver")

    def test_wishes_of_the_application(self):
        self.application.default_acr_values = "phr sfa"
        self.env.flush_all()
        self.log_in(self.authorize())
        self.assertEqual(self.id_token_of(self.authorize())["acr"], "sfa")


@tagged("post_install", "-at_install")
class TestLevels(RecordsCase):
    def test_names_are_values_of_acr(self):
        levels = self.env["oauth2.provider.authentication.level"]
        for name in ("two words", "", 'quo"te', "é"):
            with self.subTest(name), self.assertRaises(ValidationError):
                levels.create({"name": name or " "})

    def test_from_memory(self):
        levels = self.env["oauth2.provider.authentication.level"]
        levels._levels()
        with self.assertQueryCount(0):
            levels._levels()
        levels.create({"name": "gold"})
        self.assertIn("gold", dict(levels._levels()))
        levels.search([("name", "=", "gold")]).unlink()
        self.assertNotIn("gold", dict(levels._levels()))

    def test_a_level_that_applications_need_stays(self):
        level = self.env.ref("oauth2_provider.level_passkey")
        self.client.required_level_id = level
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            level.unlink()
