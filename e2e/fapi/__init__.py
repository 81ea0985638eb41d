"""FAPI 2.0 as a certification suite checks it: each module of its plans, for every kind of client."""
