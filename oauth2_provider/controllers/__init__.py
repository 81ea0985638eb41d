"""The routes, one file per group of endpoints; what happens behind them stands in ``protocol/endpoints``."""

from . import authorization, discovery, picture, token, userinfo
