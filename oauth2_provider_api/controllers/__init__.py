from . import json2, protected_resource_metadata
