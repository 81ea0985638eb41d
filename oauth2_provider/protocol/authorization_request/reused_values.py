"""Values that a client must make anew for each request: code_challenge and nonce (RFC 9700 §2.1.1).

A client that sends one value for several end-users has taken the protection away from all of them. It is answered all
the same, since only its developer can mend it; the audit trail names it.
"""

from __future__ import annotations

from ..entities.end_user import EndUser
from . import AuthorizationContext

# For how long a value is known, in seconds.
MEMORY = 86_400


def record_reused_values(context: AuthorizationContext, user: EndUser) -> None:
    """Record that a value of this request came before, for another end-user of the client.

    That the same end-user comes with it again is a page that was loaded twice.
    """
    values = {"code_challenge": context.code_challenge, "nonce": context.nonce}
    for name, value in values.items():
        if value is not None and _was_somebody_elses(context, user, name, value):
            context.record("value_reused", user=user, detail=name)


def _was_somebody_elses(
    context: AuthorizationContext, user: EndUser, name: str, value: str
) -> bool:
    use_once, until = context.ports.replays.use_once, context.now + MEMORY
    key = f"{context.client.id}\0{value}"
    is_new_for_user = use_once(f"{name} of an end-user", f"{user.id}\0{key}", until)
    return is_new_for_user and not use_once(name, key, until)
