"""Whatever clients, browsers and administrators do in whatever order: what must never happen, does not.

A machine of Hypothesis plays random sequences against a whole provider in memory. Beside it stands the truth
(`sequences/truth.py`): who agreed to what, what was handed out, what has ended. It is told from what was done and never
read from the provider; answers must be exactly as it says, so tokens that are due must come, too. What has ended is
tried out at once, all of it, and again by chance.
"""

from __future__ import annotations

from fakes.generated import SEQUENCES
from hypothesis import settings
from sequences.administrators import Administrators
from sequences.browsers import Browsers
from sequences.devices import Devices
from sequences.services import Services
from sequences.tokens import Tokens

STEPS = 50


class AnySequence(Browsers, Tokens, Devices, Services, Administrators):
    """All rules together."""


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=SEQUENCES, stateful_step_count=STEPS)
