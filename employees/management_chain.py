"""The chain of managers above an employee, which may come back to them."""

from .models import Employee

STEPS = 50
"""How far up a loop is looked for."""

CHAIN = """
    WITH RECURSIVE chain (id, step) AS (
        SELECT manager_id, 1 FROM employees_employee WHERE id = %(employee)s AND manager_id IS NOT NULL
        UNION ALL
        SELECT person.manager_id, chain.step + 1
        FROM chain JOIN employees_employee person ON person.id = chain.id
        WHERE chain.id <> %(employee)s AND person.manager_id IS NOT NULL AND chain.step < %(steps)s
    )
    SELECT person.id, person.user_name, person.given_name, person.family_name, person.display_name
    FROM chain JOIN employees_employee person ON person.id = chain.id
    ORDER BY chain.step
"""


def loop_above(employee: Employee) -> list[Employee]:
    """The managers from the employee's own up to the employee again; [] when they lead elsewhere.

    One query for at most `STEPS` managers, whatever else loops on the way.
    """
    if employee.manager_id is None:
        return []
    chain = list(Employee.objects.raw(CHAIN, {"employee": employee.pk, "steps": STEPS}))
    return chain if chain and chain[-1].pk == employee.pk else []
