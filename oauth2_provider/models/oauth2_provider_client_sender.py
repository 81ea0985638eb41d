"""Client certificates as proof of an application, and the keys that its tokens are bound to (RFC 8705, RFC 9449)."""

from ipaddress import ip_address

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.distinguished_name import parse_distinguished_name

CERTIFICATE_METHODS = ("tls_client_auth", "self_signed_tls_client_auth")


def _back_to_secret(clients):
    clients.write({"token_endpoint_auth_method": "client_secret_basic"})


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    token_endpoint_auth_method = fields.Selection(
        selection_add=[
            ("tls_client_auth", "With a certificate of an authority (mutual TLS)"),
            ("self_signed_tls_client_auth", "With a certificate of its own (mutual TLS)"),
            ("none",),
        ],
        ondelete=dict.fromkeys(CERTIFICATE_METHODS, _back_to_secret),
    )
    certificate_name_kind = fields.Selection(
        [
            ("subject_dn", "Its subject"),
            ("san_dns", "A host name in it"),
            ("san_uri", "An address in it"),
            ("san_ip", "An IP address in it"),
            ("san_email", "An e-mail address in it"),
        ],
        string="Which certificate?",
        default="subject_dn",
        tracking=True,
        help="By which part of its certificate the application is known",
    )
    certificate_name = fields.Char(
        string="It must read",
        tracking=True,
        help="A subject is written from the most specific part on: CN=client,O=Example Bank,C=BE",
    )
    token_binding = fields.Selection(
        [
            ("none", "Whoever holds them"),
            ("dpop", "Only who holds a key of the application (DPoP)"),
            ("mtls", "Only who holds its certificate (mutual TLS)"),
        ],
        string="Who may use its tokens?",
        required=True,
        compute="_compute_token_binding",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Whether a key must be shown with each token, so that a stolen one is worth nothing",
    )
    lacks_certificates = fields.Boolean(compute="_compute_lacks_certificates")

    @api.depends("security_profile")
    def _compute_token_binding(self):
        for client in self:
            client.token_binding = "none"

    @api.depends("token_endpoint_auth_method", "token_binding")
    def _compute_lacks_certificates(self):
        """Whether the application needs certificates, but no proxy passes any on."""
        is_set_up = self.env["oauth2.provider.server"]._trusted_proxies().networks
        for client in self:
            client.lacks_certificates = not is_set_up and client._needs_certificates()

    def _needs_certificates(self):
        self.ensure_one()
        return (
            self.token_endpoint_auth_method in CERTIFICATE_METHODS or self.token_binding == "mtls"
        )

    def _needs_keys(self):
        is_self_signed = self.token_endpoint_auth_method == "self_signed_tls_client_auth"
        return super()._needs_keys() or is_self_signed

    @api.constrains("token_endpoint_auth_method", "certificate_name_kind", "certificate_name")
    def _check_certificate_name(self):
        for client in self:
            if client.token_endpoint_auth_method != "tls_client_auth":
                continue
            if not client.certificate_name_kind or not client.certificate_name:
                raise ValidationError(
                    self.env._("Please enter by what the application's certificate is known.")
                )
            try:
                _check_name(client.certificate_name_kind, client.certificate_name)
            except ValueError as error:
                raise ValidationError(
                    self.env._("%(name)s: %(reason)s", name=client.certificate_name, reason=error)
                ) from error

    @api.constrains("token_binding", "security_profile")
    def _check_token_binding(self):
        """With the implicit and the hybrid flow, the protocol refuses the single request for a token."""
        for client in self.filtered(lambda client: client.security_profile == "odoo_login"):
            if client.token_binding != "none":
                raise ValidationError(
                    self.env._(
                        "A browser proves no key, so tokens that come through it cannot be bound to one."
                    )
                )


def _check_name(kind, name):
    if kind == "subject_dn":
        parse_distinguished_name(name)
    elif kind == "san_ip" and str(ip_address(name)) != name:
        raise ValueError("An IP address must be in its usual short form.")
