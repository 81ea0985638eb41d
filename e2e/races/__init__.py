"""Whoever comes first wins, and nobody else: requests that bring the same secret at the same time. `make races`."""
