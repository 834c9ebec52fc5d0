"""Addresses: the endpoints for machines, log-in, and one for every page that has registered itself."""

from django.urls import include, path
from django.views.i18n import set_language

from zhike.interfaces.accounts import views as accounts
from zhike.interfaces.api import api
from zhike.interfaces.console import downloads
from zhike.interfaces.console.serve import page_urls

urlpatterns = [
    path("", include("zhike.interfaces.endpoints")),
    path("api/", api.urls),
    *accounts.urlpatterns,
    path("language/", set_language, name="set_language"),
    *downloads.urlpatterns,
    *page_urls(),
]

handler403 = "zhike.interfaces.console.faults.forbidden"
handler404 = "zhike.interfaces.console.faults.not_found"
handler500 = "zhike.interfaces.console.faults.broken"
