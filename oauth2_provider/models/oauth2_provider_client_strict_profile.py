"""The security profile FAPI 2.0: what must be ticked and what must not (FAPI 2.0 Security Profile §5.3.2, §5.4)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.jose.algorithms import ALGORITHMS
from ..protocol.security_profiles import PROFILES, SIGNED_BY_CLIENT, SIGNED_FOR_CLIENT

_SIGNED = (*SIGNED_FOR_CLIENT, *SIGNED_BY_CLIENT)


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    security_profile = fields.Selection(
        selection_add=[
            ("oidc",),
            ("fapi2", "A bank-grade application (FAPI 2.0)"),
            ("odoo_login",),
        ],
        ondelete={"fapi2": "set default"},
    )
    # Lists of values for the screen: what the security profile forbids is not there to be chosen.
    offered_authentication_methods = fields.Json(compute="_compute_offered_values")
    offered_token_bindings = fields.Json(compute="_compute_offered_values")
    offered_signing_algorithms = fields.Json(compute="_compute_offered_values")

    @api.depends("security_profile")
    def _compute_offered_values(self):
        methods = [name for name, _text in self._fields["token_endpoint_auth_method"].selection]
        bindings = [name for name, _text in self._fields["token_binding"].selection]
        for client in self:
            profile = PROFILES[client.security_profile]
            client.offered_authentication_methods = [
                name for name in methods if profile.allows_authentication(name)
            ]
            client.offered_token_bindings = [
                name
                for name in bindings
                if name != "none" or not profile.requires_sender_constraint
            ]
            client.offered_signing_algorithms = [
                name for name in ALGORITHMS if profile.allows_algorithm(name)
            ]

    @api.depends("security_profile")
    def _compute_token_endpoint_auth_method(self):
        banks = self.filtered(lambda client: client.security_profile == "fapi2")
        banks.token_endpoint_auth_method = "private_key_jwt"
        return super(OAuth2ProviderClient, self - banks)._compute_token_endpoint_auth_method()

    @api.depends("security_profile")
    def _compute_token_binding(self):
        banks = self.filtered(lambda client: client.security_profile == "fapi2")
        banks.token_binding = "dpop"
        return super(OAuth2ProviderClient, self - banks)._compute_token_binding()

    @api.constrains("security_profile", "token_endpoint_auth_method", "token_binding", *_SIGNED)
    def _check_strict_profile(self):
        for client in self:
            profile = PROFILES[client.security_profile]
            if not profile.allows_authentication(client.token_endpoint_auth_method):
                raise ValidationError(
                    self.env._(
                        "A bank-grade application proves itself with a signed assertion or a certificate."
                    )
                )
            if profile.requires_sender_constraint and client.token_binding == "none":
                raise ValidationError(
                    self.env._("The tokens of a bank-grade application are bound to a key.")
                )
            if any(client[name] and not profile.allows_algorithm(client[name]) for name in _SIGNED):
                raise ValidationError(
                    self.env._("A bank-grade application signs with PS256, ES256 or EdDSA.")
                )

    @api.constrains("security_profile", "application_type", "local_development")
    def _check_strict_addresses(self):
        for client in self.filtered(lambda client: client.security_profile == "fapi2"):
            if client.application_type != "web" or client.local_development:
                raise ValidationError(
                    self.env._(
                        "A bank-grade application runs on a web server and has addresses with https only."
                    )
                )
