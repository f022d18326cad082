"""Addresses of the room fieldwork: doors, campaigns, requests for a visit; and the short links, on paper for good."""

from django.urls import URLPattern, URLResolver, path, re_path
from django.urls.converters import UUIDConverter

from onboarding.fieldwork import asking_views, campaign_views, handling_views, link_views, views

A_CAMPAIGN = rf"^phuong/chien-dich/(?P<pk>{UUIDConverter.regex})"

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
    path("phuong/chien-dich/", campaign_views.campaign_list, name="campaigns"),
    path("phuong/chien-dich/moi/", campaign_views.begin, name="campaign-new"),
    path("phuong/chien-dich/<uuid:pk>/", campaign_views.kit, name="campaign-kit"),
    path("phuong/chien-dich/<uuid:pk>/sua/", campaign_views.edit, name="campaign-edit"),
    path("phuong/chien-dich/<uuid:pk>/loi/", campaign_views.save_words, name="campaign-words"),
    path("phuong/chien-dich/<uuid:pk>/anh.png", campaign_views.picture, name="campaign-picture"),
    re_path(
        A_CAMPAIGN + r"/(?P<kind>to-roi|hai-to-roi|ap-phich|giay-treo-cua)\.pdf$",
        campaign_views.paper,
        name="campaign-paper",
    ),
    re_path(
        A_CAMPAIGN + r"/qr/(?P<channel>[-\w]+)\.(?P<kind>png|svg)$",
        campaign_views.qr,
        name="campaign-qr",
    ),
    re_path(r"^d/(?P<code>[^/]{1,40})/?$", link_views.short_link, name="short-link"),
]
