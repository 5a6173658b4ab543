"""The people of the company, the keys they are found by, and the record of what changed."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.functional import cached_property

from .append_only import AppendOnly, AppendOnlyQuerySet
from .attributes import Attribute as Attribute
from .attributes import AttributeAlias as AttributeAlias
from .attributes import AttributeCatalog as AttributeCatalog
from .fields import ExactTextField, FoldedField, FoldedJSONField, IndexKeyField


class IsWaitedFor(Func):
    """Whether the text of a reference is not empty, in the words of the condition of an index.

    A database that plans before it knows the values recognizes the condition by its words alone.
    """

    template = "NOT (%(expressions)s = '')"
    output_field = models.BooleanField()


class Literal(Func):
    """A text that stands in the statement itself, where an index has it in its words."""

    arity = 0
    output_field = FoldedField()

    def __init__(self, text: str) -> None:
        super().__init__(template="'{}'".format(text.replace("'", "''")))


class Joined(Func):
    """Texts one after the other, without blanks around them."""

    template = "TRIM(%(expressions)s)"
    arg_joiner = " || "
    output_field = FoldedField()


SHOWN_NAME: Final = Coalesce(
    NullIf(F("display_name_key"), Literal("")),
    NullIf(Joined(F("given_name_key"), Literal(" "), F("family_name_key")), Literal("")),
    F("user_name_key"),
)
"""What lists of people are sorted by: the name that they show, without case."""


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def present(self) -> "EmployeeQuerySet":
        """Everyone who has not been deleted, active or not."""
        return self.filter(deleted_at=None)

    def for_reading(self) -> "EmployeeQuerySet":
        """Everyone present with what is shown of them, the manager's id and name included."""
        return self._with(_SHOWN)

    def for_writing(self) -> "EmployeeQuerySet":
        """Everyone present with all that is stated of them, locked in one order until the end."""
        locked = self._with((*_SHOWN, *_STATED)).order_by("pk")
        return locked.select_for_update(of=("self",), no_key=True)

    def _with(self, fields: Iterable[str]) -> "EmployeeQuerySet":
        people = self.present().select_related("manager")
        return people.only(*fields, "manager__uuid", "manager__display_name")


_SHOWN: Final = (
    "uuid", "user_name", "given_name", "family_name", "display_name", "work_email", "employee_number",
    "active", "manager", "manager_awaited", "profile", "external_ids", "version", "created_at", "updated_at",
)  # fmt: skip
"""What is shown of an employee; shadows are derived from it when it is saved."""

_STATED: Final = ("active_since", "deleted_at", "set_by", "managed_by", "held_by", "held_at")
"""What else decides how an employee is written."""


class Employee(models.Model):
    """A person whose participation in surveys follows the company's directory.

    Text columns hold "" for no value. `profile` keeps the lists and lesser facts of RFC 7643's User as they
    came. Until e-mails are stated there, `work_email` repeats a user name that is an address. Written only by
    `services`.
    """

    uuid = models.UUIDField("SCIM id", default=uuid.uuid4, unique=True, editable=False)
    user_name = ExactTextField("user name")
    user_name_key = FoldedField(of="user_name")
    given_name = ExactTextField("first name", blank=True, default="")
    given_name_key = FoldedField(of="given_name")
    family_name = ExactTextField("last name", blank=True, default="")
    family_name_key = FoldedField(of="family_name")
    display_name = ExactTextField("display name", blank=True, default="")
    display_name_key = FoldedField(of="display_name")
    work_email = ExactTextField("work e-mail", blank=True, default="")
    work_email_key = FoldedField(of="work_email")
    employee_number = ExactTextField("employee number", blank=True, default="")
    employee_number_key = FoldedField(of="employee_number")
    # Null when an identity provider has removed it: nobody vouches for them, so they take part in nothing.
    active = models.BooleanField("active", null=True, default=True)
    active_since = models.DateTimeField("active since", null=True, blank=True)
    manager = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to={"deleted_at": None},
        related_name="reports",
        verbose_name="manager",
    )
    manager_awaited = ExactTextField("manager awaited", blank=True, default="")
    manager_awaited_key = IndexKeyField(of="manager_awaited")
    profile = models.JSONField(default=dict, blank=True)
    profile_folded = FoldedJSONField(of="profile")
    external_ids = models.JSONField(default=dict, blank=True)
    set_by = models.JSONField(default=dict, blank=True)
    # The key of the identity provider that wrote last, and of the one whose removal of them is held.
    managed_by = ExactTextField("managed by", blank=True, default="", editable=False)
    held_by = ExactTextField("removal held", blank=True, default="", editable=False)
    held_at = models.DateTimeField("held since", null=True, blank=True, editable=False)
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField("created", default=timezone.now)
    updated_at = models.DateTimeField("last changed", default=timezone.now)
    deleted_at = models.DateTimeField("deleted", null=True, blank=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["user_name_key"], condition=Q(deleted_at=None), name="employee_user_name_unique"
            ),
        )
        indexes = (
            models.Index(fields=["work_email_key"], name="employee_work_email"),
            models.Index(fields=["employee_number_key"], name="employee_number"),
            models.Index(
                fields=["manager_awaited_key"],
                condition=~Q(manager_awaited_key=""),
                name="employee_manager_awaited",
            ),
            models.Index(fields=["updated_at", "id"], name="employee_updated"),
            models.Index(fields=["id"], condition=Q(deleted_at=None), name="employee_present"),
            models.Index(SHOWN_NAME, F("id"), condition=Q(deleted_at=None), name="employee_by_name"),
            models.Index(
                fields=["managed_by", "active"], condition=Q(deleted_at=None), name="employee_managed"
            ),
            models.Index(
                fields=["id"],
                condition=Q(deleted_at=None, active=True, held_by="", active_since__isnull=False),
                name="employee_participating",
            ),
            models.Index(fields=["held_by", "id"], condition=~Q(held_by=""), name="employee_held"),
        )

    def __str__(self) -> str:
        name = self.full_name
        return f"{name} ({self.user_name})" if name and name != self.user_name else self.user_name

    @cached_property
    def id_text(self) -> str:
        """The SCIM id in its canonical form."""
        return str(self.uuid)

    @property
    def full_name(self) -> str:
        """The name to show to people, "" when none is known."""
        return self.display_name or f"{self.given_name} {self.family_name}".strip()


class SearchKey(models.Model):
    """An index entry for a value that can stand several times in an employee's record.

    `name` is the list (`emails`), the named value (`external_id:<provider>`), the attribute's fact, or what a
    reference does (`search_keys.AWAITS`, `REFERS`); `key` is the value's `folding.index_key`; `raw` and
    `folded` hold the whole list element for conditions on its parts. Derived from the employee's own columns;
    never a source of facts.
    """

    id: int
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="search_keys")
    name = ExactTextField()
    position = models.PositiveIntegerField(default=0)
    key = ExactTextField()
    raw = models.JSONField(default=dict)
    folded = FoldedJSONField(of="raw")

    class Meta:
        # The employee comes along so that a count reads nothing but the index.
        indexes = (models.Index(fields=["name", "key", "employee"], name="search_key_value"),)

    def __str__(self) -> str:
        return f"{self.name}[{self.position}]"


class ParticipationPeriod(models.Model):
    """A closed stretch of time in which an employee took part in surveys; the open one is `active_since`."""

    class Reason(models.TextChoices):
        DEACTIVATED = "deactivated", "Deactivated"
        DELETED = "deleted", "Deleted"
        RELEASED = "released", "Held removal released"

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="participation_periods")
    started_at = models.DateTimeField("from")
    ended_at = models.DateTimeField("until")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    ended_by = models.TextField("ended by", blank=True, default="")
    ended_by_kind = models.CharField("by", max_length=20, blank=True, default="")

    class Meta:
        ordering = ("-ended_at", "-pk")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} to {self.ended_at:%Y-%m-%d}"


class ChangeQuerySet(AppendOnlyQuerySet["Change"]):
    """The changes, append-only."""


class Change(AppendOnly):
    """One change to one employee: who, when, and the facts before and after; final once written."""

    class Action(models.TextChoices):
        CREATED = "created", "Created"
        UPDATED = "updated", "Updated"
        DEACTIVATED = "deactivated", "Deactivated"
        REACTIVATED = "reactivated", "Reactivated"
        DELETED = "deleted", "Deleted"
        RESTORED = "restored", "Restored"
        RELEASED = "released", "Held removal released"

    # `change_of_employee` is the index on it.
    employee = models.ForeignKey(
        Employee,
        models.DO_NOTHING,
        related_name="changes",
        db_constraint=False,
        db_index=False,
        verbose_name="employee",
    )
    at = models.DateTimeField("when", default=timezone.now)
    action = models.CharField("what", max_length=20, choices=Action.choices)
    actor_kind = models.CharField("by", max_length=20)
    actor_key = models.CharField(max_length=64)
    actor_name = models.TextField("by whom")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Change"]] = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["employee", "-at"], name="change_of_employee"),
            models.Index(fields=["actor_key", "at"], name="change_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.actor_name}"
