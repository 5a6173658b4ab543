"""The people of the yardstick: those of the synthetic company, with a title and a department and no more."""

from collections.abc import Mapping
from random import Random
from typing import Any

from bench.company import found
from bench.people import Company
from employees.audit import Actor
from scim.provisioning import services


class Staff(Company):
    """A company that sends what Entra ID's default mapping sends."""

    def facts_of(self, number: int, fact_names: Mapping[str, str]) -> dict[str, Any]:
        random = Random(f"{self.seed}:{number}")
        work = {
            "title": f"{random.choice(('Senior', 'Junior', 'Lead'))} Analyst {random.randrange(50)}",
            "department": f"Department {random.randrange(40)}",
        }
        return super().facts_of(number, fact_names) | work


def settle_in(people: int, provider_name: str) -> None:
    """Fills the database of a site that is prepared and knows the identity provider."""
    provider = services.find(provider_name)
    if provider is None:
        raise RuntimeError(f"There is no identity provider {provider_name}.")
    actor = Actor.identity_provider(provider.key, provider.name)
    found(Staff(attributes=0, provider=provider.key), people, actor=actor)
