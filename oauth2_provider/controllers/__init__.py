"""The routes, one file per group of endpoints; what happens behind them stands in ``protocol/endpoints``."""

from . import (
    authorization,
    device,
    discovery,
    picture,
    pushed_authorization_request,
    step_up,
    token,
    userinfo,
)
