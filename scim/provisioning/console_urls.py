"""The addresses of an identity provider, of its cycles, and of what updates itself on the overview."""

from django.urls import path

from . import console_views

urlpatterns = [
    path("employee-provisioning/identity-providers/", console_views.providers, name="providers"),
    path("employee-provisioning/identity-providers/<int:pk>/", console_views.provider, name="provider"),
    path("employee-provisioning/cycles/<int:pk>/", console_views.cycle, name="cycle"),
]
