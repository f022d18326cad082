"""Addresses of the room submissions: the ward's dossiers and the citizen's receipt."""

from django.urls import URLPattern, URLResolver, path

from onboarding.submissions import views

app_name = "submissions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("phuong/ho-so/", views.dossiers, name="list"),
    path("phuong/ho-so/tam-dung/", views.hold, name="hold"),
    path("phuong/ho-so/<uuid:pk>/", views.dossier, name="dossier"),
    path("phuong/ho-so/<uuid:pk>/hien/<slug:field>/", views.reveal, name="reveal"),
    path("phuong/ho-so/<uuid:pk>/giay-to/<slug:slot>/", views.paper, name="paper"),
    path("phuong/ho-so/<uuid:pk>/goi/", views.package, name="package"),
    path("phuong/ho-so/<uuid:pk>/thu-lai/", views.retry, name="retry"),
    path("phuong/ho-so/<uuid:pk>/chua-den/", views.never_arrived, name="never-arrived"),
    path("phuong/ho-so/<uuid:pk>/ma/", views.record_code, name="record-code"),
    path("phuong/nha/<uuid:household>/ho-so/", views.for_household, name="for-household"),
    path("bien-nhan/<str:token>/", views.receipt, name="receipt"),
]
