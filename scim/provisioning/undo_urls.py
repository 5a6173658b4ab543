"""The addresses of the pages that undo."""

from django.urls import path

from . import undo_views

urlpatterns = [
    path("employee-provisioning/cycles/<int:pk>/undo/", undo_views.undo_cycle, name="undo_cycle"),
]
