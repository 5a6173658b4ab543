"""The tables that django-scim2 works on: people, bearer tokens, and an audit row for every write."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F
from django.db.models.functions import Upper
from django.utils import timezone
from django_scim.models import AbstractSCIMUserMixin


class Users(BaseUserManager):
    def get_queryset(self) -> "models.QuerySet[User]":
        """Brings what is shown of managers along: the library has no way to ask for them all at once."""
        named = {"manager_scim_id": F("manager__scim_id"), "manager_name": F("manager__display_name")}
        return super().get_queryset().annotate(**named)


class User(AbstractSCIMUserMixin, AbstractBaseUser):
    """A person, with a column for each attribute and the indexes that django-scim2's queries can use."""

    USERNAME_FIELD = "username"

    username = models.TextField()
    first_name = models.TextField(default="")
    last_name = models.TextField(default="")
    display_name = models.TextField(default="")
    email = models.TextField(default="", db_index=True)
    title = models.TextField(default="")
    department = models.TextField(default="")
    employee_number = models.TextField(default="", db_index=True)
    is_active = models.BooleanField(default=True)
    manager = models.ForeignKey("self", models.SET_NULL, null=True)
    date_joined = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.BigIntegerField(default=1)

    objects = Users()

    class Meta:
        constraints = (models.UniqueConstraint(Upper("username"), name="user_name_unique"),)
        indexes = (models.Index(fields=["updated_at", "id"], name="user_updated"),)

    def __str__(self) -> str:
        return self.username


class Token(models.Model):
    """A bearer token by its digest."""

    is_authenticated = True

    digest = models.TextField(unique=True)
    actor_key = models.TextField()
    actor_name = models.TextField()

    def __str__(self) -> str:
        return self.actor_name


class Change(models.Model):
    """What one write changed."""

    person = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False)
    at = models.DateTimeField(default=timezone.now)
    action = models.TextField()
    actor_kind = models.TextField(default="identity provider")
    actor_key = models.TextField()
    actor_name = models.TextField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["person", "-at"], name="change_of_person"),)

    def __str__(self) -> str:
        return self.action
