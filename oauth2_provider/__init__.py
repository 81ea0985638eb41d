from . import adapters, controllers, models, wizards
from .hooks import propose_issuer_at_install, remove_settings
