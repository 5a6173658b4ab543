"""The addresses of Administration > Surveys."""

from django.urls import path

from . import round_views, views

app_name = "surveys"
urlpatterns = [
    path("", views.schedules, name="schedules"),
    path("schedules/add/", views.add, name="add"),
    path("schedules/audience/", views.audience_preview, name="audience"),
    path("schedules/<int:pk>/", views.schedule, name="schedule"),
    path("schedules/<int:pk>/edit/", views.edit, name="edit"),
    path("schedules/<int:pk>/switch/", views.switch, name="switch"),
    path("schedules/<int:pk>/delete/", views.delete, name="delete"),
    path("schedules/<int:pk>/next/", views.next_round, name="next_round"),
    path("schedules/<int:pk>/open/", round_views.open_now, name="open"),
    path("rounds/<int:pk>/", round_views.round_, name="round"),
    path("rounds/<int:pk>/figures/", round_views.figures, name="figures"),
    path("rounds/<int:pk>/excluded/", round_views.excluded, name="excluded"),
    path("rounds/<int:pk>/close/", round_views.close, name="close"),
    path("rounds/<int:pk>/retry/", round_views.retry, name="retry"),
    path("rounds/<int:pk>/add/", round_views.add_participant, name="add_participant"),
]
