from . import consent, registration
