"""`python3 dev <command>`: what the Makefile calls; also usable without make."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from dev.commands import main  # noqa: E402

sys.exit(main())
