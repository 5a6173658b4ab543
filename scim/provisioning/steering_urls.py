"""The addresses of the pages that pause, limit and set, and that decide about held removals."""

from django.urls import path

from . import hold_views, steering_views

_PROVIDER = "employee-provisioning/identity-providers/<int:pk>"
_HOLD = "employee-provisioning/holds/<int:pk>"

urlpatterns = [
    path(f"{_PROVIDER}/pause/", steering_views.pause, name="pause"),
    path(f"{_PROVIDER}/resume/", steering_views.resume, name="resume"),
    path(f"{_PROVIDER}/seats/", steering_views.seats, name="seats"),
    path("employee-provisioning/settings/", steering_views.settings, name="settings"),
    path(f"{_HOLD}/", hold_views.hold, name="hold"),
    path(f"{_HOLD}/release/", hold_views.release, name="hold_release"),
    path(f"{_HOLD}/reject/", hold_views.reject, name="hold_reject"),
]
