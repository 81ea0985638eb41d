"""One file per URL; each endpoint is a tuple of steps that can be read from top to bottom."""
