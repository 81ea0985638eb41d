"""The empty route."""

from . import empty
