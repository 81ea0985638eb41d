"""Steps that every endpoint shares: method, form and repeats of the request (RFC 6749 §3.1 and §3.2)."""

from __future__ import annotations

from collections.abc import Callable

from .errors import OAuthError
from .messages import Parameters
from .server import Context
from .storable_text import is_storable

FORM = "application/x-www-form-urlencoded"
# RFC 8707 §2: the one parameter that may come more than once.
REPEATABLE = frozenset({"resource"})


def check_method(*methods: str) -> Callable[[Context], None]:
    """A step that refuses every other method; HEAD would run a GET and issue something nobody reads."""

    def check_method(context: Context) -> None:
        if context.request.method not in methods:
            raise OAuthError(
                "invalid_request",
                f"Use {' or '.join(methods)}.",
                status=405,
                headers=(("Allow", ", ".join(methods)),),
            )

    return check_method


def check_form_body(context: Context) -> None:
    """RFC 6749 §3.2: parameters come in a form body; in the address they would end up in logs."""
    if context.request.mimetype != FORM:
        raise OAuthError("invalid_request", f"Send the parameters as {FORM}.", status=415)
    if context.request.query.names():
        raise OAuthError("invalid_request", "Parameters in the address are not accepted.")


def check_parameters(parameters: Parameters) -> None:
    """Refuse repeats (RFC 6749 §3.1) and what no standard sends, no database takes and no address can carry."""
    if parameters.repeated() - REPEATABLE:
        raise OAuthError("invalid_request", "A parameter was sent more than once.")
    if not all(is_storable(key + value) for key, value in parameters.pairs):
        raise OAuthError("invalid_request", "A parameter holds a forbidden character.")


def reject_repeats_in_form(context: Context) -> None:
    check_parameters(context.request.form)
