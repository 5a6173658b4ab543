"""The two roles of the pages, HR administrator and Auditor: groups of users, and what each may do."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Final

from django.apps import apps as installed
from django.contrib.auth.models import User
from django.db import router
from django.db.models import Q

HR_ADMINISTRATOR: Final = "HR administrator"
AUDITOR: Final = "Auditor"

AUDITS: Final = (
    "employees.view_change",
    "provisioning.view_logentry",
    "provisioning.view_cycle",
    "provisioning.view_hold",
    "provisioning.view_provisioningevent",
    "peakon_scim.view_signin",
    "admin.view_logentry",
)


def _named(names: Iterable[str]) -> Q:
    """The condition for permissions by names such as `employees.view_change`."""
    pairs = (name.split(".") for name in names)
    return reduce(or_, (Q(content_type__app_label=label, codename=codename) for label, codename in pairs))


PERMISSIONS: Final = {
    # Whole applications, so that what they learn to do later is theirs at once; nothing about users.
    HR_ADMINISTRATOR: Q(content_type__app_label__in=("employees", "surveys", "provisioning"))
    | _named(AUDITS),
    # Each by its name: what is new is nothing to an auditor until somebody decides that it is.
    AUDITOR: _named((*AUDITS, "employees.view_employee", "employees.view_attribute")),
}


def keep(using: str, apps: Any = installed, **kwargs: Any) -> None:
    """Makes the groups and gives them their permissions, no fewer and no more.

    A receiver of `post_migrate`: permissions come with migrations, and so do their roles. `apps` are the
    models as the migrations have left them.
    """
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # so far only other applications have been migrated
        return
    if router.allow_migrate_model(using, groups):
        for name, which in PERMISSIONS.items():
            group, _ = groups.objects.using(using).get_or_create(name=name)
            group.permissions.set(permissions.objects.using(using).filter(which))


def has_role(user: User) -> bool:
    """Whether the user is in one of the groups; one query."""
    return user.groups.filter(name__in=PERMISSIONS).exists()
