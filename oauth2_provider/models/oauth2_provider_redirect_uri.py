"""Redirect addresses: where an application may receive its answers (RFC 6749 §3.1.2)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.redirect_uri_matching import check_registrable


class OAuth2ProviderRedirectUri(models.Model):
    _name = "oauth2.provider.redirect.uri"
    _description = "OAuth 2 Redirect Address"
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
        "(client_id, uri)", "This application already has this redirect address."
    )

    @api.constrains("uri", "client_id")
    def _check_registrable(self):
        for redirect in self:
            try:
                check_registrable(
                    redirect.uri,
                    application_type=redirect.client_id.application_type,
                    local_development=redirect.client_id.local_development,
                )
            except ValueError as error:
                raise ValidationError(
                    self.env._("%(address)s: %(reason)s", address=redirect.uri, reason=error)
                ) from error

    @api.constrains("uri", "client_id")
    def _check_sector_identifier(self):
        self.client_id._check_sector_identifier()

    @api.model_create_multi
    def create(self, vals_list):
        redirects = super().create(vals_list)
        redirects._record_change(self.env._("Redirect address added"))
        return redirects

    def write(self, vals):
        before = {redirect: redirect.uri for redirect in self}
        result = super().write(vals)
        for redirect, uri in before.items():
            redirect._record_change(self.env._("Redirect address %s replaced by", uri))
        return result

    def unlink(self):
        self._record_change(self.env._("Redirect address removed"))
        return super().unlink()

    def _record_change(self, what):
        for redirect in self:
            redirect.client_id._record_change(f"{what}: {redirect.uri}")
