"""Where an application may have people sent after a logout (OpenID Connect RP-Initiated Logout 1.0 §3.1)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.redirect_uri_matching import check_registrable


class OAuth2ProviderPostLogoutRedirectUri(models.Model):
    _name = "oauth2.provider.post.logout.redirect.uri"
    _description = "OAuth 2 Address After Logout"
    _order = "id"
    _rec_name = "uri"

    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    uri = fields.Char(
        string="Address",
        required=True,
        help="Compared letter by letter with the address that the application sends",
    )

    _uri_unique = models.UniqueIndex(
        "(client_id, uri)", "This application already has this address."
    )

    @api.constrains("uri", "client_id")
    def _check_registrable(self):
        for address in self:
            try:
                check_registrable(
                    address.uri,
                    application_type=address.client_id.application_type,
                    local_development=address.client_id.local_development,
                )
            except ValueError as error:
                raise ValidationError(
                    self.env._("%(address)s: %(reason)s", address=address.uri, reason=error)
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        addresses = super().create(vals_list)
        addresses._record_change(self.env._("Address after logout added"))
        return addresses

    def write(self, vals):
        before = {address: address.uri for address in self}
        result = super().write(vals)
        for address, uri in before.items():
            address._record_change(self.env._("Address after logout %s replaced by", uri))
        return result

    def unlink(self):
        self._record_change(self.env._("Address after logout removed"))
        return super().unlink()

    def _record_change(self, what):
        for address in self:
            address.client_id._record_change(f"{what}: {address.uri}")
