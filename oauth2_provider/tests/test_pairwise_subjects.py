"""Identifiers that only one application knows (OpenID Connect Core §8)."""

import json

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .openid_case import OpenIDCase
from .records_case import RecordsCase
from .tls_servers import Authority, TlsServer, answer_with


@tagged("post_install", "-at_install")
class TestPairwiseSubjects(OpenIDCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.subject_type = "pairwise"
        cls.env.flush_all()

    def test_t07_the_same_everywhere_and_not_the_public_one(self):
        answer = self.log_in_for(response_type="code id_token token")
        subject = self.claims_of(answer["id_token"])["sub"]
        self.assertNotEqual(subject, self.person.oauth2_subject)
        self.assertEqual(subject, self.application._subject_of(self.person))
        tokens = self.redeem(answer["code"]).json()
        self.assertEqual(self.claims_of(tokens["id_token"])["sub"], subject)
        for token in (answer["access_token"], tokens["access_token"]):
            for path in ("/oauth2/userinfo", "/oauth2/tokeninfo"):
                self.assertEqual(self.userinfo(token, path).json()["sub"], subject)
        hinted = self.authorize(prompt="none", id_token_hint=tokens["id_token"])
        self.assertIn("code", self.answer(hinted))

    def test_u09_it_stays_when_the_login_and_the_address_change(self):
        before = self.claims_of(self.log_in_for(response_type="id_token")["id_token"])["sub"]
        self.person.write({"login": "ada.king", "email": "ada.king@example.com"})
        self.person.login = "ada"
        self.env.flush_all()
        self.opener.cookies.clear()
        after = self.claims_of(self.log_in_for(response_type="id_token")["id_token"])["sub"]
        self.assertEqual(after, before)

    def test_discovery_offers_it(self):
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertEqual(document["subject_types_supported"], ["public", "pairwise"])


@tagged("post_install", "-at_install")
class TestSectors(RecordsCase):
    CALLBACK = "https://app.example.com/callback"
    SECOND_CALLBACK = "https://second.example.com/callback"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority("localhost")
        cls.addClassCleanup(cls.authority.close)
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "localhost")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", cls.authority.bundle)

    def sector(self, *redirect_uris, body=None):
        """The address of a document that lists these."""
        server = TlsServer(self.authority, answer_with(body or json.dumps(redirect_uris).encode()))
        self.addCleanup(server.close)
        return server.url("/uris.json")

    def test_the_host_of_the_redirect_addresses(self):
        self.assertFalse(self.client.sector_identifier)
        self.client.subject_type = "pairwise"
        self.assertEqual(self.client.sector_identifier, "app.example.com")
        self.client.sector_identifier_uri = self.sector(self.CALLBACK)
        self.assertEqual(self.client.sector_identifier, "localhost")
        self.assertNotEqual(self.client._subject_of(self.ada), self.ada.oauth2_subject)
        self.client.subject_type = "public"
        self.assertFalse(self.client.sector_identifier)
        self.assertEqual(self.client._subject_of(self.ada), self.ada.oauth2_subject)

    def test_several_hosts_need_a_word_which_one_counts(self):
        self.client.subject_type = "pairwise"
        second = [Command.create({"uri": self.SECOND_CALLBACK})]
        with self.assertRaises(ValidationError):
            self.client.redirect_uri_ids = second
        self.client.write(
            {
                "redirect_uri_ids": second,
                "sector_identifier_uri": self.sector(self.SECOND_CALLBACK, self.CALLBACK),
            }
        )
        with self.assertRaises(ValidationError):
            self.client.sector_identifier_uri = False

    def test_the_sector_must_list_the_redirect_addresses(self):
        self.client.subject_type = "pairwise"
        bad = {
            "another list": self.sector(self.SECOND_CALLBACK),
            "no list": self.sector(body=b"{}"),
            "no JSON": self.sector(body=b"<html>"),
            "not allowed": "https://10.0.0.1/uris.json",
        }
        for name, address in bad.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "JSON list"):
                self.client.sector_identifier_uri = address
        self.client.sector_identifier_uri = self.sector(self.CALLBACK)
        with self.assertRaisesRegex(ValidationError, "JSON list"):
            self.client.redirect_uri_ids = [Command.create({"uri": self.SECOND_CALLBACK})]

    def test_a_sector_address_is_https(self):
        for address in ("http://app.example.com", "app.example.com", "https://a@b.example"):
            with self.assertRaises(ValidationError):
                self.client.sector_identifier_uri = address

    def test_u09_a_deleted_person_is_never_somebody_else(self):
        self.client.subject_type = "pairwise"
        before = self.client._subject_of(self.bob)
        values = {"login": self.bob.login, "name": self.bob.name, "email": self.bob.email}
        self.bob.unlink()
        again = self.env["res.users"].create(values)
        self.assertNotEqual(self.client._subject_of(again), before)

    def test_the_form_warns_that_nobody_will_be_recognised(self):
        form = Form(self.client)
        with self.assertLogs("odoo.tests.form", "WARNING") as logs:
            form.subject_type = "pairwise"
        self.assertIn("will not recognise anybody", logs.output[0])
        new = Form(self.env["oauth2.provider.client"])
        with self.assertNoLogs("odoo.tests.form", "WARNING"):
            new.subject_type = "pairwise"

    def test_without_a_salt_nothing_is_guessed(self):
        self.client.subject_type = "pairwise"
        self.env["ir.config_parameter"].set_param("oauth2_provider.pairwise_salt", False)
        server = self.env["oauth2.provider.server"]
        self.assertEqual(server._settings().pairwise_salt, "")
        server._ensure_pairwise_salt()
        first = server._settings().pairwise_salt
        server._ensure_pairwise_salt()
        self.assertEqual(server._settings().pairwise_salt, first)
        self.assertGreaterEqual(len(first), 43)
