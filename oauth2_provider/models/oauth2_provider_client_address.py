"""What all lists of addresses of an application share: one row an address, changes recorded at the application."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OAuth2ProviderClientAddress(models.AbstractModel):
    _name = "oauth2.provider.client.address"
    _description = "OAuth 2 Address of an Application"
    _inherit = ["oauth2.provider.guarded"]
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

    def _get_kind(self):
        """What the addresses of this model are called, in the reader's language."""
        raise NotImplementedError

    def _check_standard(self):
        """Check this one address against the standard that it serves.

        :raise ValueError: saying what is wrong with it
        """
        raise NotImplementedError

    @api.constrains("uri", "client_id")
    def _check_uri(self):
        for address in self:
            try:
                address._check_standard()
            except ValueError as error:
                raise ValidationError(
                    self.env._("%(address)s: %(reason)s", address=address.uri, reason=error)
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        addresses = super().create(vals_list)
        kind = self._get_kind()
        for address in addresses:
            address.client_id._record_change(
                self.env._("%(kind)s added: %(address)s", kind=kind, address=address.uri)
            )
        return addresses

    def write(self, vals):
        before = {address: address.uri for address in self}
        result = super().write(vals)
        kind = self._get_kind()
        for address, old in before.items():
            address.client_id._record_change(
                self.env._(
                    "%(kind)s %(old)s replaced by: %(address)s",
                    kind=kind,
                    old=old,
                    address=address.uri,
                )
            )
        return result

    def unlink(self):
        kind = self._get_kind()
        for address in self:
            address.client_id._record_change(
                self.env._("%(kind)s removed: %(address)s", kind=kind, address=address.uri)
            )
        return super().unlink()
