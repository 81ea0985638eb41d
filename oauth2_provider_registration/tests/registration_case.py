"""What the tests share: an initial access token, and clients that register over HTTP."""

from odoo import fields
from odoo.addons.oauth2_provider.tests.common import REDIRECT_URI, ProviderCase

PREFIX = "oauth2_provider_registration."


class RegistrationCase(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.initial = cls.env["oauth2.provider.initial.access.token"].create(
            {"name": "Ada", "maximum_uses": 0}
        )
        cls.initial_token = cls.initial._generate()
        cls.env.flush_all()

    def set_policy(self, **values):
        for name, value in values.items():
            self.env["ir.config_parameter"].set_param(PREFIX + name, value)
        self.env.flush_all()

    def send(self, method, path, token=None, metadata=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.url_open(path, method=method, headers=headers, json=metadata, **options)

    def register(self, *, token=..., **metadata):
        """A registration; ``token=None`` is a stranger's."""
        return self.send(
            "POST",
            "/oauth2/register",
            self.initial_token if token is ... else token,
            {"redirect_uris": [REDIRECT_URI], "client_name": "Dynamic", **metadata},
        )

    def registered(self, **metadata):
        response = self.register(**metadata)
        self.assertEqual(response.status_code, 201, response.text)
        return response.json()

    def configure(self, method, answer, metadata=None, token=None):
        token = token or answer["registration_access_token"]
        return self.send(method, f"/oauth2/register/{answer['client_id']}", token, metadata)

    def client_of(self, answer):
        self.env.invalidate_all()
        return self.env["oauth2.provider.client"].search(
            [("client_identifier", "=", answer["client_id"])]
        )

    def assert_error(self, response, status, error):
        self.assertEqual((response.status_code, response.json()["error"]), (status, error))

    def days_ago(self, days):
        return fields.Datetime.subtract(fields.Datetime.now(), days=days)
