"""Links that are mailed to people who set a password, taken out of the mail and used."""

import re
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit


class MailedLinks:
    """For a case of Odoo's tests. Strangers may sign up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        if "website" in cls.env:
            # There each website decides for itself.
            cls.env["website"].search([]).auth_signup_uninvited = "b2c"
        cls.as_public = cls.env["res.users"].with_user(cls.env.ref("base.public_user")).sudo()

    def mailed_token(self, user, signup_type="reset"):
        """Send the mail and take the token out of it."""
        bodies = []
        mails = type(self.env["mail.mail"])

        def keep(mail, *args, **kwargs):
            bodies.extend(mail.mapped("body_html"))

        with patch.object(mails, "send", keep):
            user.with_context(create_user=signup_type == "signup")._action_reset_password(
                signup_type=signup_type
            )
        address = re.search(
            r'href="([^"]*/web/(?:signup|reset_password)\?[^"]*)"', "".join(bodies)
        )[1]
        return parse_qs(urlsplit(address.replace("&amp;", "&")).query)["token"][0]

    def use(self, token):
        self.as_public.signup({"password": "new-password"}, token)
