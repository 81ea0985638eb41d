"""Rooms with places, in memory."""

from __future__ import annotations


class MemoryPlaces:
    """``taken``: places that parallel requests hold at the moment, by room."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def take_place(self, room: str, places: int) -> bool:
        return self.taken.get(room, 0) < places
