"""Hundreds of people at work for an hour: no failure, no growth of memory or of answer times. `make endurance`."""
