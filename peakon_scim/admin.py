"""Users, the roles they have, and what they did here, in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from employees.read_only import ReadOnlyAdmin

from . import roles
from .models import SignIn

STAFF = (
    "“HR administrator” and “Auditor” are the roles of these pages: whoever is put into one of them can sign "
    "in from then on. To keep somebody out, take away “Active”: users who have changed something here cannot "
    "be deleted."
)

admin.site.unregister((User, Group))


# The types of both parents of these two do not agree about what one of them overrides in the other.
@admin.register(User)
class AccountAdmin(UserAdmin[User], ModelAdmin):  # type: ignore[misc]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (name, {**options, "description": STAFF} if "groups" in options["fields"] else options)
            for name, options in super().get_fieldsets(request, obj)
        ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A role is of use to those alone who can sign in, so it comes with that."""
        super().save_related(request, form, formsets, change)
        user: User = form.instance
        if not user.is_staff and roles.has_role(user):
            user.is_staff = True
            user.save(update_fields=["is_staff"])
            self.log_change(request, user, "Staff status came with the role.")
            self.message_user(request, f"{user} can sign in here now.", messages.SUCCESS)


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):  # type: ignore[misc]
    """The site's own roles stay what they are; for others there are groups of one's own."""

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return not _is_role(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return not _is_role(obj) and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return ("name", "grants") if _is_role(obj) else ("name", "permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return ("grants",) if _is_role(obj) else ()

    @display(description="Permissions")
    def grants(self, group: Group) -> str:
        names = group.permissions.values_list("name").order_by("content_type__app_label", "name")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", names))


def _is_role(group: Group | None) -> bool:
    return group is not None and group.name in roles.PERMISSIONS


@admin.register(LogEntry)
class AdministrationLogAdmin(ReadOnlyAdmin):
    """What was done to users, groups and attributes."""

    list_display = ("action_time", "user", "action_flag", "content_type", "object_repr", "message")
    list_filter = ("action_flag",)
    asked = (*list_filter, "user")
    list_select_related = ("user", "content_type")
    fields = list_display
    readonly_fields = ("message",)

    @display(description="What changed", empty_value="")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message()


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = ("at", "what", "who", "address")
    list_filter = ("event", "at")
    asked = (*list_filter, "user_key")
    fields = list_display
    readonly_fields = ("what", "who")

    class Media:
        css = {"all": ("employees/record.css",)}

    @display(description="What", label={"Signed in": "success", "Failed": "danger", "Signed out": "info"})
    def what(self, entry: SignIn) -> str:
        return entry.get_event_display()

    @display(description="Who")
    def who(self, entry: SignIn) -> str:
        """The name, leading to everything else of theirs."""
        url = f"{reverse('admin:peakon_scim_signin_changelist')}?user_key__exact={entry.user_key}"
        return format_html(
            '<a class="record-link" href="{}">{}</a>', url, entry.user_name or "An unknown name"
        )
