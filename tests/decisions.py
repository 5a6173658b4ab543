"""Who of the two roles may open and write what: a decision about every address of the administration."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from peakon_scim.roles import AUDITOR, HR_ADMINISTRATOR

ROLES = (HR_ADMINISTRATOR, AUDITOR)
BOTH, HR, NOBODY = frozenset(ROLES), frozenset({HR_ADMINISTRATOR}), frozenset[str]()


@dataclass(frozen=True)
class Decision:
    """Who may open a page, and who may post to it.

    Args:
        writers: everyone else gets a 403; None for a page that writes nothing, whoever posts what to it.
        key: which of `keys` its address takes.
    """

    readers: frozenset[str]
    writers: frozenset[str] | None = None
    key: str = ""


def table(name: str, readers: frozenset[str], writers: frozenset[str] = NOBODY, **pages: Any) -> Any:
    """The decisions about the usual pages of a table, or others for some of them."""
    usual = {
        "changelist": Decision(readers),
        "add": Decision(writers, writers),
        "change": Decision(readers, writers, name),
        "delete": Decision(writers, writers, name),
        "history": Decision(BOTH, None, name),
    }
    return {f"admin:{name}_{page}": decision for page, decision in {**usual, **pages}.items()}


def audit(name: str) -> Any:
    return table(name, readers=BOTH)


DECISIONS: dict[str, Decision] = {
    **{f"admin:{name}": Decision(BOTH) for name in ("index", "search", "jsi18n", "app_list")},
    # Their own session and password.
    **{f"admin:{name}": Decision(BOTH, BOTH) for name in ("login", "password_change", "logout")},
    "admin:password_change_done": Decision(BOTH),
    "admin:autocomplete": Decision(BOTH),
    "admin:view_on_site": Decision(BOTH),
    **table("auth_user", NOBODY, history=Decision(NOBODY, None, "auth_user")),
    "admin:auth_user_password_change": Decision(NOBODY, NOBODY, "auth_user"),
    **table("auth_group", NOBODY, history=Decision(NOBODY, None, "auth_group")),
    **table("employees_employee", BOTH, HR),
    "admin:employees_employee_restore": Decision(NOBODY, NOBODY, "employees_employee"),  # nobody to restore
    **table("employees_attribute", BOTH, HR, delete=Decision(NOBODY, NOBODY, "employees_attribute")),
    "admin:employees_attribute_activate": Decision(HR, HR, "employees_attribute"),
    "admin:employees_attribute_deactivate": Decision(HR, HR, "employees_attribute"),
    "admin:employees_attribute_remove_alias": Decision(HR, HR, "alias"),
    **audit("employees_change"),
    "admin:employees_change_undo": Decision(HR, HR, "employees_change"),
    **audit("provisioning_logentry"),
    **audit("provisioning_cycle"),
    **audit("provisioning_hold"),
    **audit("provisioning_bearertoken"),
    **audit("provisioning_provisioningevent"),
    **audit("peakon_scim_signin"),
    **audit("admin_logentry"),
    **{f"provisioning:{name}": Decision(HR, HR) for name in ("enable", "disable", "connect")},
    **{f"provisioning:{name}": Decision(HR, HR, "identity_provider") for name in ("rotate", "revoke")},
    **{
        f"provisioning:{name}": Decision(HR, None, "identity_provider")
        for name in ("guide", "checklist", "mapping")
    },
    **{
        f"provisioning:{name}": Decision(HR, HR, "identity_provider") for name in ("pause", "resume", "seats")
    },
    "provisioning:settings": Decision(HR, HR),
    "provisioning:hold": Decision(BOTH, None, "provisioning_hold"),
    "provisioning:hold_release": Decision(HR, HR, "provisioning_hold"),
    "provisioning:hold_reject": Decision(HR, HR, "provisioning_hold"),
    "provisioning:providers": Decision(BOTH),
    "provisioning:provider": Decision(BOTH, None, "identity_provider"),
    "provisioning:cycle": Decision(BOTH, None, "provisioning_cycle"),
    "provisioning:undo_cycle": Decision(HR, HR, "provisioning_cycle"),
    "provisioning:log": Decision(BOTH),
    "provisioning:log_entry": Decision(BOTH, None, "provisioning_logentry"),
    "provisioning:log_export": Decision(BOTH),  # written down as an event of its own
    "provisioning:revoke_token": Decision(HR, HR, "provisioning_bearertoken"),
    "provisioning:overview": Decision(BOTH),
    "provisioning:inbox": Decision(HR),
    "surveys:schedules": Decision(HR),
    "surveys:add": Decision(HR, HR),
    "surveys:audience": Decision(HR),
    **{f"surveys:{name}": Decision(HR, None, "surveys_schedule") for name in ("schedule", "next_round")},
    **{
        f"surveys:{name}": Decision(HR, HR, "surveys_schedule")
        for name in ("edit", "switch", "open", "delete")
    },
    **{f"surveys:{name}": Decision(HR, None, "surveys_round") for name in ("round", "figures", "excluded")},
    **{
        f"surveys:{name}": Decision(HR, HR, "surveys_round") for name in ("close", "retry", "add_participant")
    },
    **{
        f"provisioning:inbox_{name}": Decision(HR, HR, "unknown_attribute")
        for name in ("create", "alias", "dismiss", "recall")
    },
}


def named(patterns: Any, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """The name and the route of every address below some patterns; the name is "" where there is none."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from named(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else ""), route


PAGES = [(name, route) for name, route in named(get_resolver().url_patterns) if route.startswith("admin/")]
