"""Addresses of the room fieldwork: the ward's list of doors and one door."""

from django.urls import URLPattern, URLResolver, path

from onboarding.fieldwork import views

app_name = "fieldwork"
urlpatterns: list[URLPattern | URLResolver] = [
    path("phuong/luot-tham/", views.visit_list, name="visits"),
    path("phuong/luot-tham/giao/", views.assign, name="assign"),
    path("phuong/luot-tham/da-xoa/", views.deleted_edits, name="deleted-edits"),
    path("phuong/luot-tham/da-xoa/<uuid:conflict>/", views.put_away, name="put-away"),
    path("phuong/nha/<uuid:pk>/", views.household, name="household"),
    path("phuong/nha/<uuid:pk>/so/<uuid:resident>/", views.number, name="number"),
    path("phuong/nha/<uuid:pk>/khac/<uuid:conflict>/", views.close_conflict, name="close-conflict"),
]
