"""How the administration looks: names, colours and the navigation in its sidebar."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def may_see_employees(request: HttpRequest) -> bool:
    return request.user.has_perm("employees.view_employee")


def may_see_attributes(request: HttpRequest) -> bool:
    return request.user.has_perm("employees.view_attribute")


def may_manage_provisioning(request: HttpRequest) -> bool:
    return request.user.has_perm("provisioning.manage_provisioning")


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
    "SIDEBAR": {
        "navigation": [
            {
                "title": "Administration",
                "items": [
                    {
                        "title": "Employees",
                        "icon": "group",
                        "link": reverse_lazy("admin:employees_employee_changelist"),
                        "permission": may_see_employees,
                    },
                    {
                        "title": "Attributes",
                        "icon": "list_alt",
                        "link": reverse_lazy("admin:employees_attribute_changelist"),
                        "permission": may_see_attributes,
                    },
                ],
            },
            {
                "title": "Integrations",
                "items": [
                    {
                        "title": "Employee provisioning",
                        "icon": "hub",
                        "link": reverse_lazy("provisioning:overview"),
                        "permission": may_manage_provisioning,
                    },
                    {
                        "title": "Attribute inbox",
                        "icon": "inbox",
                        "link": reverse_lazy("provisioning:inbox"),
                        "permission": may_manage_provisioning,
                    },
                ],
            },
        ],
    },
}
