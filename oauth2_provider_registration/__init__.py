from . import adapters, controllers, models, wizards
from .hooks import remove_settings
