"""Starts Odoo, like the `odoo` program that packages install.

Not `python -m odoo`: with workers, Odoo starts its websocket process by running the file it was itself started with,
and a package's `__main__.py` is not a program. That process would end and be started again for ever.
"""

import sys

# Python puts this folder first, and its modules have names that others may look for.
del sys.path[0]

from odoo.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
