"""What an e-mail to an alias makes, somebody makes later as superuser: no token has it link records."""

from ast import literal_eval

from odoo import api, models

from ..adapters.admission import closed_to_tokens, current_admission


class MailAlias(models.Model):
    _inherit = "mail.alias"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_links_by_token(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_links_by_token(vals)
        return super().write(vals)

    def _refuse_links_by_token(self, vals):
        """As superuser too: what has an alias of its own writes it so."""
        if not current_admission() or not vals.get("alias_defaults"):
            return
        try:
            defaults = dict(literal_eval(str(vals["alias_defaults"])))
        except (SyntaxError, TypeError, ValueError):
            return  # Odoo refuses it.
        if any(isinstance(value, (dict, list, tuple)) for value in defaults.values()):
            raise closed_to_tokens(self.env)
