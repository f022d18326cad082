"""Addresses of the room fieldwork: the ward's list of doors and one door; asking for a visit, and looking after it."""

from django.urls import URLPattern, URLResolver, path

from onboarding.fieldwork import asking_views, handling_views, views

app_name = "fieldwork"
urlpatterns: list[URLPattern | URLResolver] = [
    path("goi-to/", asking_views.ask, name="ask"),
    path("goi-to/da-gui/<str:code>/", asking_views.taken, name="asked"),
    path("phuong/hen-tham/", handling_views.request_list, name="requests"),
    path("phuong/hen-tham/<uuid:pk>/", handling_views.one_request, name="request"),
    path("phuong/hen-tham/<uuid:pk>/buoc/", handling_views.move, name="move-request"),
    path("phuong/hen-tham/<uuid:pk>/ngay/", handling_views.plan, name="plan-request"),
    path("phuong/luot-tham/", views.visit_list, name="visits"),
    path("phuong/luot-tham/giao/", views.assign, name="assign"),
    path("phuong/luot-tham/da-xoa/", views.deleted_edits, name="deleted-edits"),
    path("phuong/luot-tham/da-xoa/<uuid:conflict>/", views.put_away, name="put-away"),
    path("phuong/nha/<uuid:pk>/", views.household, name="household"),
    path("phuong/nha/<uuid:pk>/so/<uuid:resident>/", views.number, name="number"),
    path("phuong/nha/<uuid:pk>/khac/<uuid:conflict>/", views.close_conflict, name="close-conflict"),
]
