"""By an access token nobody has a template computed that holds more than names of fields: Odoo lets its template
editors write expressions, and those go on as superuser."""

from odoo import models

from ..adapters.admission import closed_to_tokens, current_admission


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _check_access_right_dynamic_template(self):
        """Of what is stored, to be rendered later by whomever."""
        if self._is_written_by_token() and self._has_unsafe_expression():
            raise closed_to_tokens(self.env)
        return super()._check_access_right_dynamic_template()

    def _render_template_qweb(self, template_src, model, res_ids, *args, **kwargs):
        if self._is_computed_by_token() and self._has_unsafe_expression_template_qweb(
            template_src, model
        ):
            raise closed_to_tokens(self.env)
        return super()._render_template_qweb(template_src, model, res_ids, *args, **kwargs)

    def _render_template_inline_template(self, template_txt, model, res_ids, *args, **kwargs):
        if self._is_computed_by_token() and self._has_unsafe_expression_template_inline_template(
            str(template_txt or ""), model
        ):
            raise closed_to_tokens(self.env)
        return super()._render_template_inline_template(
            template_txt, model, res_ids, *args, **kwargs
        )

    def _is_written_by_token(self):
        return not self.env.su and current_admission()

    def _is_computed_by_token(self):
        """What is stored unrestricted was looked at when it was."""
        return not self._unrestricted_rendering and self._is_written_by_token()
