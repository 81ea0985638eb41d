"""The keys of an application, and the signed assertion by which it proves itself (RFC 7591 §2, RFC 7523)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.jose.algorithms import ALGORITHMS
from ..protocol.jose.jwk_set import load_jwk_set
from ..protocol.outbound_policy import destination_of

METHODS_WITH_SECRET = ("client_secret_basic", "client_secret_post")


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    token_endpoint_auth_method = fields.Selection(
        selection_add=[("private_key_jwt", "With a signed assertion"), ("none",)],
        ondelete={
            "private_key_jwt": lambda clients: clients.write(
                {"token_endpoint_auth_method": "client_secret_basic"}
            )
        },
    )
    jwks = fields.Text(
        string="Public keys",
        tracking=True,
        help="A JWK Set, as the other side shows it. Its private keys never leave the other side.",
    )
    jwks_uri = fields.Char(
        string="Address of the keys",
        tracking=True,
        help="The application can then change its keys by itself.",
    )
    token_endpoint_auth_signing_alg = fields.Selection(
        [(name, name) for name in ALGORITHMS],
        string="Assertions are signed with",
        tracking=True,
        help="Empty: with any of them that fits the keys.",
    )
    uses_secret = fields.Boolean(compute="_compute_uses_secret")
    uses_keys = fields.Boolean(compute="_compute_uses_keys")

    @api.depends("token_endpoint_auth_method")
    def _compute_uses_secret(self):
        for client in self:
            client.uses_secret = client.token_endpoint_auth_method in METHODS_WITH_SECRET

    @api.depends("token_endpoint_auth_method", "jwks", "jwks_uri")
    def _compute_uses_keys(self):
        """Whether the screen has something to say about keys."""
        for client in self:
            client.uses_keys = client._needs_keys() or bool(client.jwks or client.jwks_uri)

    def _needs_keys(self):
        """Whether the application cannot work without keys of its own; those who add a use of them say so here."""
        self.ensure_one()
        return self.token_endpoint_auth_method == "private_key_jwt"

    @api.constrains("jwks", "jwks_uri", "token_endpoint_auth_method")
    def _check_keys(self):
        for client in self:
            if client.jwks and client.jwks_uri:
                # RFC 7591 §2: the two must not be used together.
                raise ValidationError(
                    self.env._("Please enter either the keys or their address, not both.")
                )
            if client._needs_keys() and not (client.jwks or client.jwks_uri):
                raise ValidationError(
                    self.env._("Please enter the keys of the application, or their address.")
                )
            client._check_jwks()
            client._check_jwks_uri()

    def _check_jwks(self):
        if not self.jwks:
            return
        try:
            keys = load_jwk_set(self.jwks)
        except ValueError as error:
            raise ValidationError(self.env._("These keys cannot be used: %s", error)) from error
        if self._needs_keys() and not keys.verification_keys:
            raise ValidationError(
                self.env._(
                    "None of these keys can check signatures of the kinds that are known here."
                )
            )

    def _check_jwks_uri(self):
        if not self.jwks_uri:
            return
        try:
            destination_of(self.jwks_uri)
        except ValueError as error:
            raise ValidationError(
                self.env._("%(address)s: %(reason)s", address=self.jwks_uri, reason=error)
            ) from error
