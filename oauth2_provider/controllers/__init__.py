"""The routes, one file per group of endpoints; what happens behind them stands in ``protocol/endpoints``."""

from . import (
    authorization,
    check_session,
    device,
    discovery,
    logout,
    picture,
    pushed_authorization_request,
    step_up,
    token,
    userinfo,
)
