"""`odoo oauth2_revoke_everything -d DATABASE`."""

import argparse
import sys

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class OAuth2RevokeEverything(Command):
    """End every token, code and consent of a database: what to do with a restored backup before it answers again."""

    name = "oauth2_revoke_everything"

    def run(self, args):
        parser = self.parser
        parser.formatter_class = argparse.HelpFormatter
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument("-d", "--database", required=True, help="name of the database")
        options = parser.parse_args(args)
        odoo_options = ["--no-http", "-d", options.database]
        if options.config:
            odoo_options += ["-c", options.config]
        config.parse_config(odoo_options, setup_logging=True)
        registry = Registry(options.database)
        if "oauth2.provider.server" not in registry:
            sys.exit(f"The add-on is not installed in {options.database}.")
        with registry.cursor() as cr:
            revoked = Environment(cr, SUPERUSER_ID, {})[
                "oauth2.provider.server"
            ]._revoke_everything()
        sys.stdout.write(f"Connections ended: {revoked}\n")
