"""For everybody in this process the time is what a file says that it differs from the machine's.

The steady clock that only measures (`time.monotonic`) stays, as it does when somebody sets a machine's clock.
"""

import os
import time
from pathlib import Path

_file = Path(os.environ["OAUTH2_MOVED_CLOCK"])
_machine = time.time


def _moved():
    return _machine() + int(_file.read_text())


time.time = _moved
