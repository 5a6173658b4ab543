"""The verbs of the Users endpoint on documents: read, search, create, replace, patch, delete."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import UUIDField

from employees.models import Employee
from employees.retry import retried
from employees.statements import Parameter, Statement

from . import plans
from .plans import UNCONDITIONAL, Delete, Plan
from .protocol.documents import Document
from .protocol.messages import SearchRequest
from .protocol.versions import Precondition
from .provisioning.log import Asked
from .searching import Search
from .session import Caller, not_found, scim_id, writing


@dataclass(frozen=True)
class Users(Caller):
    """The employees as one identity provider sees them and writes them."""

    def read(self, user_id: str) -> Document:
        """One employee (RFC 7644 §3.4.1).

        Raises:
            NotFound: nobody here has that id, or they were deleted.
        """
        for employee in _by_id().fetch({"id": scim_id(user_id)}):
            return self.render(employee)
        raise not_found(user_id)

    def search(self, request: SearchRequest) -> Document:
        """A page of the employees that match, as a ListResponse (RFC 7644 §3.4.2).

        Raises:
            InvalidCursor, ExpiredCursor, InvalidCount: the walk cannot go on like this (RFC 9865 §2.1).
        """
        return Search(self, request).answer()

    def create(self, body: Any) -> Document:
        """A new employee (RFC 7644 §3.3); raises as `plans.create` and `Session.apply`."""
        return self._write(plans.create(self.binding, body), Asked("POST", "/Users", body))

    def replace(self, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Document:
        """An employee after a PUT (RFC 7644 §3.5.1); raises as `plans.replace` and `Session.apply`."""
        plan = plans.replace(self.binding, user_id, body, precondition)
        return self._write(plan, Asked("PUT", _path(user_id), body))

    def patch(self, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Document:
        """An employee after a PATCH (RFC 7644 §3.5.2); raises as `plans.patch_` and `Session.apply`."""
        plan = plans.patch_(self.binding, user_id, body, precondition)
        return self._write(plan, Asked("PATCH", _path(user_id), body))

    def delete(self, user_id: str, precondition: Precondition = UNCONDITIONAL) -> None:
        """Takes an employee out of the directory (RFC 7644 §3.6); raises as `Session.apply`."""
        self._write(Delete(user_id, precondition), Asked("DELETE", _path(user_id)))

    @retried
    def _write(self, plan: Plan, asked: Asked) -> Document:
        with writing(self) as session:
            return self.render(session.apply(plan, asked))


def _path(user_id: str) -> str:
    return f"/Users/{user_id}"


@cache
def _by_id() -> Statement[Employee]:
    """Somebody present, by their SCIM id."""
    return Statement(Employee.objects.for_reading().filter(uuid=Parameter("id", UUIDField())).order_by())
