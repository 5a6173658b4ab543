"""The company of a size in the database of this process, and what asks it."""

import sys
import time

from employees.models import Employee

from .company import define_attributes, found
from .growth_requests import Requests
from .load import widened
from .people import Company
from .site import Directory


def gathered(employees: int) -> Requests:
    """Brings everybody, unless the database has so many people already.

    Raises:
        RuntimeError: the database has people, but fewer.
    """
    directory = Directory()
    company = Company(provider=directory.actor.key)
    # As many as bench.attributes defines, so that its databases can be measured beside new ones.
    define_attributes(widened(company))
    present = Employee.objects.present().count()
    if present == 0:
        started = time.perf_counter()
        found(company, employees, actor=directory.actor)
        print(f"{employees:,} people in {time.perf_counter() - started:,.0f} s", file=sys.stderr, flush=True)
    elif present < employees:
        raise RuntimeError(f"The database has {present:,} employees; {employees:,} or nobody is expected.")
    requests = Requests(company, employees, directory)
    requests.warm_up()
    return requests
