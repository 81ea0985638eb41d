"""Addresses at which an application keeps signed requests (OpenID Connect Registration §2, request_uris)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.outbound_policy import destination_of


class OAuth2ProviderRequestUri(models.Model):
    _name = "oauth2.provider.request.uri"
    _description = "OAuth 2 Request Address"
    _order = "id"
    _rec_name = "uri"

    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    uri = fields.Char(string="Address", required=True)

    _uri_unique = models.UniqueIndex(
        "(client_id, uri)", "This application already has this request address."
    )

    @api.constrains("uri")
    def _check_uri(self):
        for request in self:
            try:
                destination_of(request.uri)
            except ValueError as error:
                raise ValidationError(
                    self.env._("%(address)s: %(reason)s", address=request.uri, reason=error)
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        addresses = super().create(vals_list)
        addresses._record_change(self.env._("Request address added"))
        return addresses

    def write(self, vals):
        before = {address: address.uri for address in self}
        result = super().write(vals)
        for address, uri in before.items():
            address._record_change(self.env._("Request address %s replaced by", uri))
        return result

    def unlink(self):
        self._record_change(self.env._("Request address removed"))
        return super().unlink()

    def _record_change(self, what):
        for address in self:
            address.client_id._record_change(f"{what}: {address.uri}")
