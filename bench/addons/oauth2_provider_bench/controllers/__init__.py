"""The empty routes."""

from . import empty
