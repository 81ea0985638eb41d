"""Takes note, in the browser's session, of when and how its person proved who they are (OpenID Connect Core §2).

Odoo keeps no such note: the times in its session move when the session is renewed. Notes go by user, since the data of
a session can outlive a change of user.
"""

from odoo import models
from odoo.http import request

from ..adapters.odoo_sessions import note_login, note_proof


class ResUsers(models.Model):
    _inherit = "res.users"

    def authenticate(self, credential, user_agent_env):
        """A new login: what was proven before no longer counts. Every first factor passes here, of whatever add-on."""
        auth_info = super().authenticate(credential, user_agent_env)
        if request and (user_agent_env or {}).get("interactive"):
            if request.session.uid and request.session.uid != auth_info["uid"]:
                # Somebody else takes the browser over without a logout before; to applications it is one.
                self.env["oauth2.provider.session.client"].sudo()._end_of_browser()
            note_login(auth_info["uid"], auth_info.get("auth_method"))
        return auth_info

    def _check_credentials(self, credential, env):
        """Second factors, and proofs within a login, as before sensitive actions and behind a screen lock."""
        auth_info = super()._check_credentials(credential, env)
        if request and (env or {}).get("interactive"):
            # A second factor is checked as the public user, on the record of the person.
            uid = self.id if len(self) == 1 else self.env.uid
            note_proof(uid, auth_info.get("auth_method"))
        return auth_info
