"""Signed answers over HTTP (JARM), checked with the published keys as a client checks them."""

import time

from odoo.tests import tagged

from .common import REDIRECT_URI
from .openid_case import OpenIDCase


@tagged("post_install", "-at_install")
class TestSignedResponse(OpenIDCase):
    def test_code_flow(self):
        answer = self.log_in_for(response_mode="jwt")
        self.assertEqual(list(answer), ["response"])
        claims = self.claims_of(answer["response"])
        self.assertEqual(claims["state"], "the state")
        self.assertLessEqual(claims["exp"], time.time() + 600)
        self.assertIn("id_token", self.redeem(claims["code"]).json())

    def test_every_channel(self):
        self.authenticate("ada", "ada-password")
        for mode, mark in (("query.jwt", "?"), ("fragment.jwt", "#"), ("form_post.jwt", None)):
            with self.subTest(mode):
                response = self.agree(self.authorize(response_mode=mode))
                if mark:
                    self.assertTrue(
                        response.headers["Location"].startswith(f"{REDIRECT_URI}{mark}response=")
                    )
                self.assertIn("code", self.claims_of(self.answer(response)["response"]))

    def test_errors_are_signed_too(self):
        answer = self.answer(self.authorize(response_mode="jwt", scope="unheard-of"))
        claims = self.claims_of(answer["response"])
        self.assertEqual((claims["error"], claims["state"]), ("invalid_scope", "the state"))

    def test_registered_algorithm(self):
        self.application.authorization_signed_response_alg = "ES256"
        self.env.flush_all()
        answer = self.answer(self.authorize(response_mode="jwt", prompt="none"))
        self.assertEqual(self.claims_of(answer["response"])["error"], "login_required")
