"""Odoo's gateway of e-mails is a public method that creates records as superuser, with values of its caller."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ProviderCase

VALUES = {
    "oauth2.provider.trusted.issuer": {"name": "By mail", "issuer": "evil"},
    "oauth2.provider.client": {"name": "By mail", "is_trusted": True},
    "oauth2.provider.resource": {"name": "By mail", "identifier": "https://evil.example"},
}


@tagged("post_install", "-at_install")
class TestGateway(ProviderCase):
    def bring_in(self, model, **arguments):
        mail = (
            "From: Mallory <mallory@example.com>\r\nTo: nobody@in.example.org\r\n"
            f"Subject: hello\r\nMessage-Id: <{model}@example.com>\r\n\r\nhello\r\n"
        )
        self.env["mail.thread"].with_user(self.person).message_process(model, mail, **arguments)

    def test_u12_nobody_makes_who_is_believed(self):
        for model, values in VALUES.items():
            with self.subTest(model), self.assertRaises(AccessError):
                self.bring_in(model, custom_values=values)
            self.assertFalse(self.env[model].search([("name", "=", "By mail")]))

    def test_u12_nor_changes_it(self):
        with self.assertRaises(AccessError):
            self.bring_in(self.application._name, thread_id=self.application.id)

    def test_u12_its_history_is_kept_all_the_same(self):
        self.assertTrue(self.application.message_post(body="hello"))
