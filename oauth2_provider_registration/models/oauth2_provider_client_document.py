"""Applications that came with the address of their metadata, and live by what stands there."""

from odoo import api, fields, models
from odoo.addons.oauth2_provider.protocol.client_metadata_document import check_address
from odoo.exceptions import ValidationError


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    document_host = fields.Char(
        string="Comes from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The host of its client ID, where it says itself what it is called and where its people are sent to.",
    )
    document_fetched_at = fields.Datetime(string="Description read on", readonly=True, copy=False)
    document_expires_at = fields.Datetime(string="Read again after", readonly=True, copy=False)

    @api.constrains("client_identifier")
    def _check_client_identifier(self):
        documents = self.filtered("document_host")
        for client in documents:
            try:
                check_address(client.client_identifier)
            except ValueError as error:
                raise ValidationError(str(error)) from error
        return super(OAuth2ProviderClient, self - documents)._check_client_identifier()
