"""`python3 -m bench [--quick]`, called by `make bench`."""

import argparse
import sys

from dev.console import say
from dev.settings import DevError

from .run import run

parser = argparse.ArgumentParser(prog="make bench", description=sys.modules["bench"].__doc__)
parser.add_argument(
    "--quick", action="store_true", help="fewer rounds, seconds instead of minutes; writes nothing"
)
try:
    sys.exit(run(quick=parser.parse_args().quick))
except DevError as error:
    say(f"error: {error}")
    sys.exit(2)
