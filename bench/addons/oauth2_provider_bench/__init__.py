"""The yardstick of `make bench`; not part of any package."""

from . import controllers
