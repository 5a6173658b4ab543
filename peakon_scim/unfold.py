"""How the administration looks: names, colours and the navigation in its sidebar."""

from typing import Any, Final

from django.templatetags.static import static
from django.urls import reverse_lazy

MANAGE_PROVISIONING: Final = "provisioning.manage_provisioning"
SEE_PROVISIONING: Final = (MANAGE_PROVISIONING, "provisioning.view_cycle", "provisioning.view_logentry")
VIEW_EVENTS: Final = "provisioning.view_provisioningevent"


def link(title: str, icon: str, page: str, *permissions: str) -> dict[str, Any]:
    """A line of the sidebar, for those with any of the permissions; the page refuses others by itself."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(page),
        "permission": lambda request: any(map(request.user.has_perm, permissions)),
    }


def listing(title: str, icon: str, permission: str) -> dict[str, Any]:
    """The line of a table in the administration, by the permission to view it."""
    return link(title, icon, f"admin:{permission.replace('.view', '')}_changelist", permission)


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Peakon",
    "SITE_HEADER": "Peakon",
    "SITE_SUBHEADER": "Administration",
    "SITE_SYMBOL": "landscape_2",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("peakon_scim/favicon.svg")}
    ],
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        # White text on 600 and 600 on white keep a contrast of more than 4.5 (WCAG 2.2 §1.4.3).
        "primary": {
            "50": "oklch(98.4% .014 180.72)",
            "100": "oklch(95.3% .051 180.801)",
            "200": "oklch(91% .096 180.426)",
            "300": "oklch(85.5% .138 181.071)",
            "400": "oklch(77.7% .152 181.912)",
            "500": "oklch(70.4% .14 182.503)",
            "600": "oklch(51.1% .096 186.391)",
            "700": "oklch(43.7% .078 188.216)",
            "800": "oklch(38.6% .063 188.416)",
            "900": "oklch(32% .05 190)",
            "950": "oklch(27.7% .046 192.524)",
        },
    },
    "LOGIN": {"form": "peakon_scim.sign_ins.SignInForm"},
    "SIDEBAR": {
        "navigation": [
            {
                "title": "Administration",
                "items": [
                    listing("Employees", "group", "employees.view_employee"),
                    listing("Attributes", "list_alt", "employees.view_attribute"),
                    link("Surveys", "ballot", "surveys:schedules", "surveys.manage_surveys"),
                ],
            },
            {
                "title": "Integrations",
                "items": [
                    link("Employee provisioning", "hub", "provisioning:overview", *SEE_PROVISIONING),
                    link("Attribute inbox", "inbox", "provisioning:inbox", MANAGE_PROVISIONING),
                ],
            },
            {
                "title": "Audit",
                "items": [
                    listing("Change history", "history", "employees.view_change"),
                    listing("Provisioning log", "receipt_long", "provisioning.view_logentry"),
                    listing("Sync cycles", "sync", "provisioning.view_cycle"),
                    listing("Held removals", "front_hand", "provisioning.view_hold"),
                    listing("Provisioning events", "tune", VIEW_EVENTS),
                    link("Bearer tokens", "key", "admin:provisioning_bearertoken_changelist", VIEW_EVENTS),
                    listing("Sign-ins", "login", "peakon_scim.view_signin"),
                    listing("Users and attributes", "manage_history", "admin.view_logentry"),
                ],
            },
            {
                "title": "Access",
                "items": [
                    listing("Users", "person", "auth.view_user"),
                    listing("Groups", "badge", "auth.view_group"),
                ],
            },
        ],
    },
}
