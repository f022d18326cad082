"""The table of all addresses: each room brings its own. Not for: views."""

from django.contrib import admin
from django.urls import include, path

from onboarding.health import health
from onboarding.worker import service_worker

urlpatterns = [
    path("suc-khoe/", health, name="health"),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("", include("onboarding.accounts.urls")),
    path("", include("onboarding.guides.urls")),
    path("", include("onboarding.fieldwork.urls")),
    path("", include("onboarding.submissions.urls")),
    path("", include("onboarding.sync.urls")),
    path("", include("onboarding.oversight.urls")),
    # Before django-pwa's own: that one may be kept by anything between, and breaks when nothing has been built.
    path("serviceworker.js", service_worker),
    path("", include("pwa.urls")),
]
