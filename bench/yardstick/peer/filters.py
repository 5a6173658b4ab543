"""Which columns django-scim2 filters by and writes to."""

from django_scim.filters import UserFilterQuery


class PersonFilter(UserFilterQuery):
    attr_map = UserFilterQuery.attr_map | {("title", None, None): "title"}
