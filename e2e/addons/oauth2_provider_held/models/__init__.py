from . import oauth2_provider_server
