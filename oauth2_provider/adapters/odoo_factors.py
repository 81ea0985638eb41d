"""The factors that a person has set up in Odoo, and proving one within a session that goes on."""

import re

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import AccessDenied, UserError

from ..protocol.strict_json import parse_object

CODE = "code"
PASSKEY = "passkey"
_MAXIMUM_ANSWER = 65536


def further_factors(user):
    """Odoo's names of what this user could prove beyond a password, the strongest first.

    A code by mail is offered where Odoo's settings make it a second factor, and nowhere else: who can read the mailbox
    can have a new password mailed as well.
    """
    factors = []
    if "auth_passkey_key_ids" in user._fields and user.sudo().auth_passkey_key_ids:
        factors.append("passkey")
    code = user._mfa_type()
    if code in ("totp", "totp_mail"):
        factors.append(code)
    return factors


def prove(user, kind, answer):
    """Check what the person of this session brings; Odoo's own check takes note of it and limits the attempts.

    :param kind: CODE or PASSKEY
    :raises AccessDenied: if it does not hold
    """
    credential = _credential(user, kind, answer)
    with user._assert_can_auth(user=user.id):
        try:
            user._check_credentials(credential, {"interactive": True})
        except _refusals(user.env) as error:
            raise AccessDenied() from error


def send_code(user):
    """Mail a code to a person for whom Odoo's settings foresee it.

    :raises AccessDenied: if they do not, or too many were sent
    :raises UserError: if the mail cannot be sent
    """
    if user._mfa_type() != "totp_mail":
        raise AccessDenied()
    try:
        user._send_totp_mail_code()
    except MailDeliveryException as error:
        raise UserError(str(error)) from error


def _credential(user, kind, answer):
    if kind == PASSKEY:
        try:
            is_complete = isinstance(
                parse_object(answer, maximum_length=_MAXIMUM_ANSWER)["id"], str
            )
        except (ValueError, TypeError, KeyError) as error:
            raise AccessDenied() from error
        if not is_complete or PASSKEY not in further_factors(user):
            raise AccessDenied()
        return {"type": "webauthn", "login": user.login, "webauthn_response": answer}
    code = re.sub(r"\s", "", answer)
    # Which code it is, the settings say, never the browser.
    if not re.fullmatch(r"[0-9]{6}", code) or user._mfa_type() not in ("totp", "totp_mail"):
        raise AccessDenied()
    return {"type": user._mfa_type(), "token": int(code)}


def _refusals(env):
    """What Odoo's checks raise for a proof that does not hold: of a passkey's malformed answer, one class for each
    malformation."""
    if "auth.passkey.key" not in env:
        return AccessDenied
    from odoo.addons.auth_passkey._vendor.webauthn.helpers import exceptions

    malformations = [value for value in vars(exceptions).values() if isinstance(value, type)]
    return (AccessDenied, ValueError, TypeError, KeyError, *malformations)
