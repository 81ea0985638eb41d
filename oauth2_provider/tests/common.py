"""What the HTTP tests share: an application, a person, and a browser that can be led through a login."""

import re
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from hashlib import sha256
from threading import current_thread
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, new_test_user

REDIRECT_URI = "https://client.example/callback"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SECRET = "a-secret-of-the-tests"


class ProviderCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("oauth2_provider.issuer", "http://localhost:8069")
        parameters.set_param("oauth2_provider.issuer_confirmed", "1")
        cls.person = new_test_user(
            cls.env,
            login="ada",
            password="ada-password",
            name="Ada Lovelace",
            email="ada@example.com",
            groups="base.group_user",
        )
        cls.application = cls.create_application()

    @classmethod
    def create_application(cls, *, secret=SECRET, **values):
        """A confidential web application with one secret and one redirect address."""
        application = cls.env["oauth2.provider.client"].create(
            {
                "name": "Test application",
                "redirect_uri_ids": [(0, 0, {"uri": REDIRECT_URI})],
                **values,
            }
        )
        cls.env["oauth2.provider.client.secret"].create(
            {"client_id": application.id, "secret_hash": sha256(secret.encode()).hexdigest()}
        )
        cls.env.flush_all()
        return application

    def authorization_parameters(self, **changes):
        """A complete authorization request; a parameter changed to None is left out."""
        parameters = {
            "response_type": "code",
            "client_id": self.application.client_identifier,
            "redirect_uri": REDIRECT_URI,
            "scope": "openid profile email",
            "state": "the state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def authorize(self, **changes):
        """Send the request and follow it to where it stops: a page of ours, the login page, or a redirect out."""
        query = urlencode(self.authorization_parameters(**changes))
        return self.follow(self.url_open(f"/oauth2/authorize?{query}", allow_redirects=False))

    def follow(self, response):
        while response.status_code in (302, 303):
            location = response.headers["Location"]
            if not location.startswith(("/", self.base_url())):
                return response
            response = self.url_open(location, allow_redirects=False)
        return response

    def press(self, page, decision):
        """Press a button of the consent page."""
        form = {name: self.input_value(page, name) for name in ("csrf_token", "rid", "shown")}
        return self.follow(
            self.url_open(
                "/oauth2/authorize/consent",
                data={**form, "consent": decision},
                allow_redirects=False,
            )
        )

    def input_value(self, page, name):
        return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1]

    def obtain_code(self, **changes):
        """Log in, agree, and return the code."""
        self.authenticate("ada", "ada-password")
        response = self.authorize(**changes)
        if response.status_code == 200:
            response = self.press(response, "allow")
        return self.answer(response)["code"]

    def answer(self, response):
        """The parameters that a redirect to the client carries."""
        parts = urlsplit(response.headers["Location"])
        return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}

    def redeem(self, code, *, secret=SECRET, headers=None, **changes):
        parameters = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            "client_id": self.application.client_identifier,
            "client_secret": secret,
            **changes,
        }
        return self.post_token(parameters, headers)

    def post_token(self, parameters, headers=None):
        return self.url_open(
            "/oauth2/token",
            data={name: value for name, value in parameters.items() if value is not None},
            headers=headers,
            allow_redirects=False,
        )

    def userinfo(self, token, path="/oauth2/userinfo"):
        return self.url_open(path, headers={"Authorization": f"Bearer {token}"})

    @contextmanager
    def assertStatements(self, number):
        """The requests inside run so many statements on our tables; Odoo's own are not counted."""
        statements, own_thread = [], current_thread()
        execute = Cursor.execute

        def note_and_execute(cr, query, *args, **kwargs):
            if current_thread() is not own_thread and "oauth2_provider_" in str(query):
                statements.append(" ".join(str(query).split())[:120])
            return execute(cr, query, *args, **kwargs)

        with patch.object(Cursor, "execute", note_and_execute):
            yield
        self.assertEqual(len(statements), number, "\n".join(statements))
