"""Tables in the administration that are there to be read, whoever reads, and however long they are."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.views import ChangeList


class PageByKey(Paginator[Any]):
    """Nothing but the links to other pages."""

    template_name = "admin/page_by_key.html"


class NewestFirst(ChangeList):
    """Pages by key, the newest first: nothing is counted, and nothing is read to be skipped.

    The page in the address is the key of the last row of the page before; `older` is that of the next one,
    None on the last page.
    """

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        rows = self.queryset if self.page_num == 1 else self.queryset.filter(pk__lt=self.page_num)
        found = list(rows[: self.list_per_page + 1])
        self.result_list: Any = found[: self.list_per_page]
        self.older = self.result_list[-1].pk if len(found) > self.list_per_page else None
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = PageByKey(self.result_list, self.list_per_page)


class ReadOnlyAdmin(ModelAdmin):
    """Not even a superuser writes here.

    Attributes:
        asked: what the address of the list may ask for, by the names of fields and of parameters. Any other
            question could tell of columns that are not shown, one comparison at a time.
    """

    asked: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by = ()
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return NewestFirst

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        asked = lookup.split("__")[0] in self.asked
        return asked and super().lookup_allowed(lookup, value, request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What never changes has no history."""
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(page, args=[object_id]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
