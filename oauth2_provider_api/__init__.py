from . import adapters, controllers, models
