"""The addresses of the guide to connecting an identity provider."""

from django.urls import path

from . import guide_views

PROVIDER = "employee-provisioning/identity-providers/<int:pk>"

urlpatterns = [
    path(f"{PROVIDER}/guide/", guide_views.guide, name="guide"),
    path(f"{PROVIDER}/guide/checklist/", guide_views.checklist, name="checklist"),
    path(f"{PROVIDER}/guide/mapping/", guide_views.mapping, name="mapping"),
]
