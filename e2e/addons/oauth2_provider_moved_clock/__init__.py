"""For everybody in this process the time is what a file says that it differs from the machine's.

The file has two numbers of seconds: for the clock, and for the steady one that only measures (`time.monotonic`). Where
time has passed, both have gone on; where somebody sets a machine's clock, the steady one stays.
"""

import os
import time
from pathlib import Path

_file = Path(os.environ["OAUTH2_MOVED_CLOCK"])
_machine, _steady = time.time, time.monotonic


def _moved():
    return _machine() + int(_file.read_text().split()[0])


def _passed():
    return _steady() + int(_file.read_text().split()[1])


time.time, time.monotonic = _moved, _passed
