"""Addresses of the room guides. Those of the citizens' pages are printed on paper, so they never change."""

from django.urls import URLPattern, URLResolver, path, re_path

from onboarding.guides import editing_views, exchange_views, feedback_views, media_views, views, ward_views

app_name = "guides"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("can/<slug:slug>/", views.event, name="event"),
    path("tim/", views.search, name="search"),
    path("tim/muc-luc.json", views.index, name="index"),
    path("huong-dan/", views.catalogue, name="catalogue"),
    path("huong-dan/<slug:slug>/", views.overview, name="overview"),
    path("huong-dan/<slug:slug>/goi.json", views.pack, name="pack"),
    path("huong-dan/<slug:slug>/buoc.json", views.steps, name="steps"),
    path("huong-dan/<slug:slug>/chia-se.png", views.share, name="share"),
    path("chia-se.png", views.share_home, name="share-home"),
    path("huong-dan/<slug:slug>/in/", views.sheets, name="print"),
    re_path(r"^huong-dan/(?P<slug>[-\w]+)/in/(?P<kind>a4|a5|ap-phich|chu)\.pdf$", views.paper, name="paper"),
    path("giay-treo-cua.pdf", views.door_hanger, name="door_hanger"),
    path("huong-dan/<slug:slug>/<int:number>/", views.step, name="step"),
    path("huong-dan/<slug:slug>/<int:number>/vuong/", views.stuck, name="stuck"),
    path("thu-tuc/", views.procedures, name="procedures"),
    path("thu-tuc/<slug:slug>/", views.procedure, name="procedure"),
    path("y-kien/", feedback_views.feedback, name="feedback"),
    path("phuong/huong-dan/", ward_views.guides, name="ward-guides"),
    path("phuong/huong-dan/nhap/", exchange_views.take_in, name="import"),
    path("phuong/huong-dan/xuat/<uuid:pk>.zip", exchange_views.export, name="export"),
    path("phuong/huong-dan/moi/", editing_views.new, name="edit-new"),
    path("phuong/huong-dan/<slug:slug>/soan/", editing_views.face, name="edit"),
    path("phuong/huong-dan/<slug:slug>/soan/bat-dau/", editing_views.begin, name="edit-begin"),
    path("phuong/huong-dan/<slug:slug>/soan/buoc/", editing_views.order, name="edit-steps"),
    path("phuong/huong-dan/<slug:slug>/soan/xem/", editing_views.try_out, name="edit-try"),
    path("phuong/huong-dan/<slug:slug>/soan/bo/", editing_views.discard, name="edit-discard"),
    path("phuong/huong-dan/<slug:slug>/soan/<int:number>/", editing_views.step, name="edit-step"),
    path("phuong/huong-dan/<slug:slug>/soan/<int:number>/tranh.webp", editing_views.picture, name="edit-picture"),
    path("phuong/huong-dan/<slug:slug>/soan/<int:number>/anh/", media_views.photo, name="edit-photo"),
    path("phuong/huong-dan/<slug:slug>/soan/<int:number>/tieng/", media_views.audio, name="edit-audio"),
    re_path(r"^phuong/anh/(?P<sha256>[0-9a-f]{64})\.webp$", media_views.kept_photo, name="kept-photo"),
    re_path(r"^phuong/tieng/(?P<sha256>[0-9a-f]{64})\.(?P<form>opus|m4a)$", media_views.kept_sound, name="kept-sound"),
    path("phuong/huong-dan/<slug:slug>/", ward_views.guide, name="ward-guide"),
    path("phuong/thu-tuc/", ward_views.procedures, name="ward-procedures"),
    re_path(r"^tieng/(?P<sha256>[0-9a-f]{64})\.(?P<form>opus|m4a)$", views.sound, name="sound"),
    re_path(r"^tranh/(?P<sha256>[0-9a-f]{64})\.(?P<kind>avif|webp|jpg)$", views.picture, name="picture"),
]
