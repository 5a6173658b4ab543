"""All the ways in which an identity provider removes people, and what becomes of those."""

from collections.abc import Callable, Sequence
from itertools import cycle

from employees.models import Employee
from scim.provisioning import steering
from scim.provisioning.models import Hold
from tests.scim import bulk_requests as bulk
from tests.scim.conftest import OPERATOR, ScimClient

Remove = Callable[[ScimClient, str], int]


def patch(scim: ScimClient, id_: str) -> int:
    return scim.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": False}).status


def put(scim: ScimClient, id_: str) -> int:
    return scim.put(f"/Users/{id_}", {"active": False}).status


def clear(scim: ScimClient, id_: str) -> int:
    """Leaves `active` without a value."""
    return scim.patch(f"/Users/{id_}", {"op": "remove", "path": "active"}).status


def delete_(scim: ScimClient, id_: str) -> int:
    return scim.delete(f"/Users/{id_}").status


def in_bulk(operation: Callable[[str], bulk.Operation]) -> Remove:
    return lambda scim, id_: int(bulk.run(scim, operation(id_))[0]["status"])


DEACTIVATING: dict[str, Remove] = {
    "PATCH": patch,
    "PUT": put,
    "PATCH remove": clear,
    "bulk PATCH": in_bulk(lambda id_: bulk.patch(id_, active=False)),
    "bulk PUT": in_bulk(lambda id_: bulk.put(id_, active=False)),
}
DELETING: dict[str, Remove] = {"DELETE": delete_, "bulk DELETE": in_bulk(bulk.delete)}
REMOVALS = {**DEACTIVATING, **DELETING}


def low_brake() -> None:
    """Holds what is more than two of ten people, so that tests need few."""
    settings = {"brake_percent": 20, "brake_from": 10, "brake_hours": 24, "log_days": 90}
    steering.change_settings(**settings, actor=OPERATOR)


def hire(scim: ScimClient, number: int, prefix: str = "p") -> list[str]:
    """The SCIM ids of new people."""
    new = [bulk.post(f"{prefix}{n}") for n in range(number)]
    return [bulk.id_of(outcome) for outcome in bulk.run(scim, *new)]


def remove(scim: ScimClient, ids: Sequence[str], ways: Sequence[Remove] = (patch,)) -> None:
    for id_, way in zip(ids, cycle(ways), strict=False):
        assert way(scim, id_) in (200, 204)


def held() -> list[str]:
    """The user names of everybody whose removal is held, in order."""
    names = Employee.objects.exclude(held_by="").order_by("pk").values_list("user_name", flat=True)
    return [name.partition("@")[0] for name in names]


def surveyed() -> int:
    return Employee.objects.filter(active_since__isnull=False).count()


def names(numbers: range, prefix: str = "p") -> list[str]:
    return [f"{prefix}{number}" for number in numbers]


def open_hold() -> Hold:
    return Hold.objects.get(decided_at=None)
