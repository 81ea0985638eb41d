"""The login state of the browser: Odoo's session, seen as the protocol sees it.

Everything that touches Odoo's session stands here, because its details move between releases.
"""

import time
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from odoo import SUPERUSER_ID
from odoo.addons.web.controllers.utils import _get_login_redirect_url
from odoo.exceptions import AccessDenied
from odoo.http import STORED_SESSION_BYTES, request, root
from odoo.tools.misc import consteq

from ..protocol.entities.end_user import EndUserSession, Factor
from .odoo_clock import SystemClock
from .odoo_end_users import find_end_user
from .odoo_factors import further_factors
from .sql_store.session_clients import find_frontchannel_clients

NOTE_KEY = "oauth2_authentication"
SECOND_FACTORS = ("totp", "totp_mail")
# Odoo's names for ways to log in, in the words of RFC 8176. A passkey always checks its person as well. Of a login at
# another provider (oauth) we do not know how it was done.
METHODS = {
    "password": ("pwd",),
    "ldap": ("pwd",),
    "totp": ("otp",),
    "totp_mail": ("otp",),
    "passkey": ("pop", "user", "mfa"),
}


class OdooSessions:
    def __init__(self, cr, policy):
        self._cr = cr
        self._policy = policy

    def current(self):
        """Odoo sets ``uid`` only when every factor is done; until then there is a ``pre_uid`` and nobody is logged in.

        The superuser is a role that administrators slip into, not a person with an account elsewhere.
        """
        uid = request.session.uid
        if not uid or uid == SUPERUSER_ID or request.env.user._is_public():
            return None
        user = find_end_user(self._cr, uid, self._policy)
        if user is None or not user.is_active or not _fits_user():
            return None
        note = _note_of(uid)
        return EndUserSession(
            user=user,
            session_hash=session_hash(),
            session_reference=session_identifier(),
            auth_moment=note.get("time"),
            amr=authentication_methods(note.get("methods", ())),
            is_locked=bool(screen_lock()),
        )

    def further_factors(self, session):
        used = _note_of(session.user.id).get("methods", ())
        known = set(session.amr)
        possible = [
            Factor(name, frozenset(authentication_methods([*used, name])))
            for name in further_factors(request.env.user)
        ]
        return [factor for factor in possible if not factor.amr <= known]

    def end(self):
        """All that follows hangs on Odoo's own hook, so that it follows from every logout alike."""
        request.session.logout(keep_db=True)

    def clients_of(self, session_hash):
        return find_frontchannel_clients(self._cr, session_hash)


def _fits_user():
    """Whether the session is one of its user as this transaction sees them, new password and all.

    Odoo asks a cache, and workers hear of a new password only after its commit. What is given here must not be older
    than the epoch that it is given in.
    """
    session, user = request.session, request.env.user
    values = user._session_token_get_values()
    token = user._session_token_hash_compute(session.sid, values)
    return bool(token) and consteq(token, session.session_token)


def session_identifier():
    """By which Odoo itself knows the session: of its id the first part, which it keeps when it renews the rest."""
    return request.session.sid[:STORED_SESSION_BYTES]


def session_hash():
    """A name for the session that opens nothing; the same one after its person has logged in again."""
    return _note_of(request.session.uid).get("session") or _hash_of_identifier()


def current_session_hash():
    """Of the browser's session if a person uses one; None in jobs and programs."""
    return session_hash() if request and request.session.uid else None


def _hash_of_identifier():
    return sha256(session_identifier().encode()).hexdigest()


def missing_sessions(identifiers):
    """Which of Odoo's sessions exist no longer; none where that cannot be told.

    Another store than files may not know. And a machine that does the scheduled work but serves nobody has no sessions
    at all, which says nothing.
    """
    store = root.session_store
    find_missing = getattr(store, "get_missing_session_identifiers", None)
    if find_missing is None or not any(Path(store.path).glob("*/*")):
        return set()
    return find_missing(identifiers)


def note_login(uid, method):
    """Take note of a first factor: a new login, whatever was proven before.

    Of the same person it continues the session, although Odoo gives it another id: the applications of the session have
    nothing to do with it.
    """
    _take_note(uid, [method], session_hash() if request.session.uid == uid else None)


def note_proof(uid, method):
    """Take note of a second factor, or of a proof within the login of this session."""
    is_going_on = request.session.uid == uid or method in SECOND_FACTORS
    note = _note_of(uid) if is_going_on else {}
    _take_note(uid, [*note.get("methods", ()), method], note.get("session"))


def _take_note(uid, methods, session):
    # Only the newest person: data of a session can outlive a change of user.
    note = {"time": _now(), "methods": list(dict.fromkeys(methods))}
    if session:
        note["session"] = request.oauth2_moved_session = session
    request.session[NOTE_KEY] = {str(uid): note}


def _now():
    """By the clock that requests for a new login go by, unless the database is being chosen only now."""
    return SystemClock(request.env).moment() if request.env else time.time()


def _note_of(uid):
    return request.session.get(NOTE_KEY, {}).get(str(uid), {})


def authentication_methods(methods):
    """Odoo's names in the words of RFC 8176; a code is a second factor only beside a first one."""
    values = [value for method in methods for value in METHODS.get(method, ())]
    if len(methods) > 1 and "otp" in values:
        values.append("mfa")
    return tuple(dict.fromkeys(values))


def screen_lock():
    """What the add-on auth_timeout demands of this session before it may go on: a dict, or None.

    Odoo asks this itself on routes for logged-in users only; ours are public and would let a locked screen through.
    """
    must_check_identity = getattr(request.registry["ir.http"], "_must_check_identity", None)
    return must_check_identity() if must_check_identity else None


def is_open():
    """Whether somebody is logged in completely, and not behind a screen lock."""
    return bool(request.session.uid) and not request.env.user._is_public() and not screen_lock()


def login_address(continue_address, login_hint=None):
    """Odoo's login page, which leads to ``continue_address`` afterwards.

    Who is logged in as nobody in particular (the superuser) is logged out first: the login page would send such a
    session straight back, for ever.
    """
    hint = f"&login={quote(login_hint, safe='')}" if login_hint else ""
    address = f"/web/login?redirect={quote(continue_address, safe='')}{hint}"
    return _after_logout(address) if request.session.uid else address


def sign_up_address(continue_address):
    """Odoo's page for a new account, or the login page where only administrators make accounts."""
    if request.env["res.users"]._get_signup_invitation_scope() != "b2c":
        return login_address(continue_address)
    return f"/web/signup?redirect={quote(continue_address, safe='')}"


def log_in_again(login, password, continue_address):
    """Log the person of this session in anew; a wrong password leaves the session as it was.

    :return: where to go on, which may be the page for the second factor
    :raises AccessDenied: if the password is wrong, or the login is not that of this session
    """
    if not request.session.uid or login != request.env.user.login:
        raise AccessDenied()
    credential = {"login": login, "password": password, "type": "password"}
    auth_info = request.session.authenticate(request.env, credential)
    return _get_login_redirect_url(auth_info["uid"], continue_address)


def unlock_address(continue_address):
    """Where a locked session proves itself again: a check of identity or, after the longer limit, a new login."""
    lock = screen_lock() or {}
    if lock.get("logout"):
        return login_address(continue_address)
    return f"/auth-timeout/check-identity?redirect={quote(continue_address, safe='')}"


def switch_account_address(continue_address):
    """End this session and come back to the same authorization request as somebody else."""
    return login_address(continue_address)


def _after_logout(address):
    return f"/web/session/logout?redirect={quote(address, safe='')}"
