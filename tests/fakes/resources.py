"""Resources that tests register."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.entities.resource import AuthorizationDetailsType, Resource
from protocol.resource_indicators import canonical


class MemoryResources:
    def __init__(self) -> None:
        self.resources: list[Resource] = []
        self.types: list[AuthorizationDetailsType] = []

    def find_resources(self, identifiers: Sequence[str]) -> Sequence[Resource]:
        return [
            resource for resource in self.resources if canonical(resource.identifier) in identifiers
        ]

    def find_authorization_details_types(
        self, names: Sequence[str]
    ) -> Sequence[AuthorizationDetailsType]:
        return [kind for kind in self.types if kind.name in names]
