"""The verbs of the Users endpoint on documents: read, search, create, replace, patch, delete."""

from dataclasses import dataclass
from typing import Any

from employees.models import Employee

from .discovery import MAX_RESULTS
from .protocol.documents import Document
from .protocol.messages import SearchRequest, list_response
from .protocol.versions import Precondition
from .retry import retried
from .session import UNCONDITIONAL, Caller, not_found, scim_id, writing

DEFAULT_COUNT = 100


@dataclass(frozen=True)
class Users(Caller):
    """The employees as one identity provider sees them and writes them."""

    def read(self, user_id: str) -> Document:
        """One employee (RFC 7644 §3.4.1).

        Raises:
            NotFound: nobody here has that id, or they were deleted.
        """
        try:
            return self.render(Employee.objects.for_reading().get(uuid=scim_id(user_id)))
        except Employee.DoesNotExist:
            raise not_found(user_id) from None

    def search(self, request: SearchRequest) -> Document:
        """A page of the employees that match, as a ListResponse (RFC 7644 §3.4.2).

        A page that is not full tells the total by itself; only a full one is counted.
        """
        people = Employee.objects.for_reading().order_by(*self._order(request), "pk")
        if request.filter is not None:
            people = people.filter(self.binding.to_q(request.filter))
        count = min(DEFAULT_COUNT if request.count is None else request.count, MAX_RESULTS)
        before = request.start_index - 1
        rows = list(people[before : before + count + 1]) if count and before < MAX_OFFSET else []
        page = rows[:count]
        complete = bool(count) and len(rows) <= count and (bool(rows) or before == 0)
        total = before + len(rows) if complete else people.order_by().count()
        resources = [request.projection.apply(self.render(person)) for person in page]
        return list_response(resources, total, request.start_index)

    @retried
    def create(self, body: Any) -> Document:
        """A new employee; raises as `Session.create`."""
        with writing(self) as session:
            return self.render(session.create(body))

    @retried
    def replace(self, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Document:
        """An employee with what the body carries; see `Session.replace`."""
        with writing(self) as session:
            return self.render(session.replace(user_id, body, precondition))

    @retried
    def patch(self, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Document:
        """An employee after a list of operations; see `Session.patch`."""
        with writing(self) as session:
            return self.render(session.patch(user_id, body, precondition))

    @retried
    def delete(self, user_id: str, precondition: Precondition = UNCONDITIONAL) -> None:
        """Takes an employee out of the directory; see `Session.delete`."""
        with writing(self) as session:
            session.delete(user_id, precondition)

    def _order(self, request: SearchRequest) -> list[Any]:
        if request.sort_by is None:
            return []
        return self.binding.order_by(request.sort_by, descending=request.descending)


MAX_OFFSET = 1_000_000_000
"""Beyond any company; databases refuse offsets that do not fit their integers."""
