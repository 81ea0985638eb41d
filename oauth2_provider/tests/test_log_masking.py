"""What the access log holds of the addresses that lead to a login and back (attack case S07)."""

import logging
import re
from urllib.parse import quote, urlsplit

from odoo.tests import BaseCase, tagged

from ..adapters.log_masking import mask
from .common import ProviderCase

USER_CODE = "WDJB-MJHT"
ID_TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


def encoded(text, times):
    for _ in range(times):
        text = quote(text, safe="")
    return text


@tagged("post_install", "-at_install")
class TestLogMasking(BaseCase):
    def test_s07_a_parameter_is_masked_however_often_it_is_encoded(self):
        for times in range(4):
            inner = f"/oauth2/x?state=kept&id_token_hint={ID_TOKEN}&user_code={USER_CODE}&scope=kept#code=12&x=kept"
            line = f'"GET /web/login?redirect={encoded(inner, times)}&login=kept HTTP/1.1" 200'
            with self.subTest(line):
                masked = mask(line)
                self.assertNotRegex(masked, f"eyJ|{USER_CODE}|=12|3D12")
                self.assertEqual(masked.count("***"), 3)
                self.assertEqual(masked.count("kept"), 4, masked)
                self.assertEqual(mask(line.replace("%3D", "%3d")).count("***"), 3)

    def test_s07_an_encoded_separator_in_a_value_does_not_end_it(self):
        self.assertEqual(mask("/oauth2/x?token=a%26b%3Dc&x=1"), "/oauth2/x?token=***&x=1")
        once = encoded("/oauth2/x?token=a%26b&x=1", 1)
        self.assertEqual(mask(once), encoded("/oauth2/x?token=", 1) + "***" + encoded("&x=1", 1))

    def test_s07_lines_of_others_pass_unchanged(self):
        line = "GET /shop?code=SUMMER&next=%2Fshop%3Fcode%3DSUMMER"
        with self.assertLogs("werkzeug", logging.INFO) as log:
            logging.getLogger("werkzeug").info(line)
        self.assertEqual(log.records[0].getMessage(), line)


@tagged("post_install", "-at_install")
class TestLogMaskingOfLogins(ProviderCase):
    def test_s07_a_login_redirect_leaves_no_value_in_the_access_log(self):
        with self.assertLogs("werkzeug", logging.INFO) as log:
            sent = self.url_open(f"/oauth2/device?user_code={USER_CODE}", allow_redirects=False)
            location = sent.headers["Location"]
            self.assertIn(f"user_code%3D{USER_CODE}", location)
            self.url_open(location)
            # A page of Odoo's may send the browser round once more.
            again = quote(urlsplit(location)._replace(scheme="", netloc="").geturl(), safe="")
            self.url_open(f"/web/login?redirect={again}")
            self.url_open(
                f"/web/login?redirect=%2Foauth2%2Fend_session%3Fid_token_hint%3D{ID_TOKEN}"
            )
        lines = [record.getMessage() for record in log.records]
        self.assertEqual(len([line for line in lines if "/web/login" in line]), 3, lines)
        for line in lines:
            self.assertNotRegex(line, re.escape(USER_CODE) + "|eyJ")
