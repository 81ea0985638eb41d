"""The one reading of what stands in the e-mail field of a contact: what is mailed to, compared and told."""

from odoo.tools import email_normalize


def single_address(text):
    """The address, normalized, of a field that holds exactly one; else None.

    Whatever a mail goes to has an @. A second one, even in a name, is a second mailbox for those who send mails; an
    encoded name may hold one.
    """
    if not text or text.count("@") != 1 or "=?" in text:
        return None
    return email_normalize(text) or None
