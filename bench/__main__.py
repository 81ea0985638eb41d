"""`python3 -m bench [--quick] [--scale | --cleanup | --profile | --peers]`, called by `make bench`."""

import argparse
import sys

from dev.console import say
from dev.settings import DevError

from . import cleanup, profiling, run, scale
from .peers import run as peers

parser = argparse.ArgumentParser(prog="make bench", description=sys.modules["bench"].__doc__)
kinds = parser.add_mutually_exclusive_group()
kinds.add_argument("--scale", action="store_true", help="ten million tokens beside one thousand")
kinds.add_argument(
    "--cleanup", action="store_true", help="a million expired rows deleted beside requests for them"
)
kinds.add_argument(
    "--profile", action="store_true", help="where the time of each route goes, by statement"
)
kinds.add_argument(
    "--peers", action="store_true", help="django-oauth-toolkit and node-oidc-provider beside ours"
)
parser.add_argument(
    "--quick",
    action="store_true",
    help="alone, with --cleanup or --peers: less of it, a minute instead of several; writes nothing",
)
parser.add_argument(
    "--tokens", type=int, default=scale.MANY, help="with --scale: another number; writes nothing"
)
options = parser.parse_args()
if options.quick and (options.scale or options.profile):
    parser.error("--quick goes alone, with --cleanup or with --peers")
try:
    if options.scale:
        sys.exit(scale.run(options.tokens))
    if options.cleanup:
        sys.exit(cleanup.run(quick=options.quick))
    if options.profile:
        sys.exit(profiling.run())
    if options.peers:
        sys.exit(peers.run(quick=options.quick))
    sys.exit(run.run(quick=options.quick))
except DevError as error:
    say(f"error: {error}")
    sys.exit(2)
