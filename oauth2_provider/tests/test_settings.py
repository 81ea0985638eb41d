"""The issuer and the other settings, from proposal at install to removal at uninstall."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ..hooks import propose_issuer_at_install, remove_settings
from ..issuer_address import normalize_issuer, propose_issuer
from .records_case import RecordsCase


@tagged("post_install", "-at_install")
class TestIssuerAddress(TransactionCase):
    def test_normalized(self):
        for entered, issuer in {
            " https://Odoo.Example.com/ ": "https://odoo.example.com",
            "odoo.example.com": "https://odoo.example.com",
            "https://odoo.example.com:443": "https://odoo.example.com",
            "https://example.com/odoo/": "https://example.com/odoo",
            "http://localhost:8069/": "http://localhost:8069",
            "http://[::1]:8069": "http://[::1]:8069",
        }.items():
            with self.subTest(entered):
                self.assertEqual(normalize_issuer(entered), issuer)

    def test_refused(self):
        for entered in (
            "",
            "http://odoo.example.com",
            "https://odoo.example.com/?db=x",
            "https://odoo.example.com/#x",
            "https://user@odoo.example.com",
            "ftp://odoo.example.com",
            "https://",
            "https://host:port",
        ):
            with self.subTest(entered), self.assertRaises(ValueError):
                normalize_issuer(entered)

    def test_proposed(self):
        for base_url, issuer in {
            "http://localhost:8069": "http://localhost:8069",
            "https://odoo.example.com": "https://odoo.example.com",
            "http://odoo.example.com:8069": "https://odoo.example.com",
        }.items():
            with self.subTest(base_url):
                self.assertEqual(propose_issuer(base_url), issuer)


@tagged("post_install", "-at_install", "neighbours")
class TestSettings(RecordsCase):
    def parameter(self, name):
        return self.env["ir.config_parameter"].get_param(f"oauth2_provider.{name}")

    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def test_saved_normalized(self):
        self.save(oauth2_issuer="https://New.example.com/", oauth2_issuer_confirmed=True)
        self.assertEqual(self.parameter("issuer"), "https://new.example.com")
        self.assertEqual(self.parameter("issuer_confirmed"), "1")

    def test_refused_with_the_reason(self):
        for values in (
            {"oauth2_issuer": "http://odoo.example.com"},
            {"oauth2_issuer": False, "oauth2_issuer_confirmed": True},
            {"oauth2_event_retention_days": 0},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.save(**values)

    def test_another_address_needs_another_confirmation(self):
        with Form(self.env["res.config.settings"]) as form:
            self.assertTrue(form.oauth2_issuer_confirmed)
            self.assertFalse(form.oauth2_issuer_is_changing)
            form.oauth2_issuer = "https://odoo.example.com/"
            self.assertFalse(form.oauth2_issuer_is_changing)
            form.oauth2_issuer = "https://moved.example.com"
            self.assertTrue(form.oauth2_issuer_is_changing)
            self.assertFalse(form.oauth2_issuer_confirmed)

    def test_s01_says_when_another_address_is_used(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        with Form(self.env["res.config.settings"]) as form:
            self.assertFalse(form.oauth2_issuer_disagreement)
            form.oauth2_issuer = "https://odoo.example.com.evil.example"
            self.assertEqual(form.oauth2_issuer_disagreement, "https://odoo.example.com")

    def test_withholding_and_retention(self):
        self.assertEqual(self.parameter("withhold_unverified_email"), "1")
        self.assertEqual(self.parameter("event_retention_days"), "180")
        self.save(oauth2_withhold_unverified_email=False, oauth2_event_retention_days=30)
        self.assertEqual(self.parameter("withhold_unverified_email"), "0")
        self.assertEqual(self.parameter("event_retention_days"), "30")

    def test_install_proposes_but_never_confirms_or_overwrites(self):
        parameters = self.env["ir.config_parameter"]
        propose_issuer_at_install(self.env)
        self.assertEqual(self.parameter("issuer"), "https://odoo.example.com")
        parameters.search([("key", "=like", "oauth2_provider.%")]).unlink()
        parameters.set_param("web.base.url", "https://base.example.com/")
        propose_issuer_at_install(self.env)
        self.assertEqual(self.parameter("issuer"), "https://base.example.com")
        self.assertFalse(self.parameter("issuer_confirmed"))

    def test_install_survives_an_address_that_cannot_be_proposed(self):
        parameters = self.env["ir.config_parameter"]
        parameters.search([("key", "=like", "oauth2_provider.%")]).unlink()
        with patch.object(type(parameters), "get_param", return_value="https://?"):
            propose_issuer_at_install(self.env)
        self.assertFalse(self.parameter("issuer"))

    def test_uninstall_leaves_no_setting(self):
        self.env["ir.config_parameter"].set_param("oauth2_provider.other", "1")
        remove_settings(self.env)
        self.assertFalse(
            self.env["ir.config_parameter"].search([("key", "like", "oauth2_provider")])
        )
