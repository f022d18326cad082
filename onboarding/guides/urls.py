"""Addresses of the room guides: the citizens' pages. They are printed on paper, so they never change."""

from django.urls import URLPattern, URLResolver, path, re_path

from onboarding.guides import views

app_name = "guides"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("can/<slug:slug>/", views.event, name="event"),
    path("tim/", views.search, name="search"),
    path("tim/muc-luc.json", views.index, name="index"),
    path("huong-dan/", views.catalogue, name="catalogue"),
    path("huong-dan/<slug:slug>/", views.overview, name="overview"),
    path("huong-dan/<slug:slug>/goi.json", views.pack, name="pack"),
    path("huong-dan/<slug:slug>/in/", views.sheets, name="print"),
    path("huong-dan/<slug:slug>/<int:number>/", views.step, name="step"),
    path("huong-dan/<slug:slug>/<int:number>/vuong/", views.stuck, name="stuck"),
    re_path(r"^tranh/(?P<sha256>[0-9a-f]{64})\.(?P<kind>avif|webp|jpg)$", views.picture, name="picture"),
]
