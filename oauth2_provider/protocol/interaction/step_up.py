"""A level that the login does not reach yet: the end-user proves more, within this session (OIDC Core §5.5.1.1)."""

from __future__ import annotations

from collections.abc import Sequence

from ..authentication_level import meets_demands, reached_level
from ..authorization_request import AuthorizationContext
from ..authorization_request.prompt import prompts
from ..entities.end_user import Factor
from ..errors import OAuthError
from ..messages import Page
from ..parts import Interaction
from .reauthenticate import reauthentication_page


def check_authentication_level(context: AuthorizationContext) -> Interaction | None:
    """What must be reached is not left out; what the client merely wishes for, the end-user may do without."""
    if not _meets_demands(context):
        return _demand(context)
    if not _is_wish_open(context):
        return None
    factors = [factor for factor in _further_factors(context) if _meets_wish(context, factor.amr)]
    if not factors:
        return None
    return Interaction(_page(context, "step_up", factors, may_skip=True), "login_required")


def _demand(context: AuthorizationContext) -> Interaction:
    if context.step_up_choice == "give_up":
        raise OAuthError("unmet_authentication_requirements")
    if context.end_user_session.auth_time is None:
        # A second factor is worth nothing beside a first one that nobody knows.
        return Interaction(reauthentication_page(context), "login_required")
    factors = [f for f in _further_factors(context) if _meets_demands(context, f.amr)]
    if factors:
        return Interaction(_page(context, "step_up", factors, may_skip=False), "login_required")
    # Nothing that the end-user has would do: they must set something up first, or give up.
    page = _page(context, "factor_missing", [], may_skip=False)
    return Interaction(page, "unmet_authentication_requirements")


def _is_wish_open(context: AuthorizationContext) -> bool:
    """Whether the client hears of no level that it wished for, and the end-user has not been asked about it."""
    is_settled = context.step_up_choice is not None or context.decision is not None
    is_askable = "none" not in prompts(context) and context.end_user_session.auth_time is not None
    is_open = bool(context.claims.acr_values) and not _meets_wish(context)
    return is_open and is_askable and not is_settled


def _further_factors(context: AuthorizationContext) -> Sequence[Factor]:
    return context.ports.sessions.further_factors(context.end_user_session)


def _meets_demands(context: AuthorizationContext, more: frozenset[str] = frozenset()) -> bool:
    methods = more.union(context.end_user_session.amr)
    return meets_demands(context.settings, context.client, context.claims, methods)


def _meets_wish(context: AuthorizationContext, more: frozenset[str] = frozenset()) -> bool:
    methods = more.union(context.end_user_session.amr)
    return reached_level(context.settings, context.claims.acr_values, methods) is not None


def _page(
    context: AuthorizationContext, name: str, factors: Sequence[Factor], *, may_skip: bool
) -> Page:
    return Page(
        name,
        {
            "handle": context.handle,
            "continue_address": context.continue_address,
            "client": context.client,
            "user": context.end_user_session.user,
            "factors": [factor.name for factor in factors],
            "may_skip": may_skip,
        },
    )
