"""Addresses: the endpoints for machines, log-in, and one for every page that has registered itself."""

from allauth.account.views import account_inactive, login, logout
from django.urls import include, path
from django.views.i18n import set_language

from zhike.interfaces.api import api
from zhike.interfaces.console.serve import page_urls

urlpatterns = [
    path("", include("zhike.interfaces.endpoints")),
    path("api/", api.urls),
    path("login/", login, name="account_login"),
    path("login/inactive/", account_inactive, name="account_inactive"),
    path("logout/", logout, name="account_logout"),
    path("language/", set_language, name="set_language"),
    *page_urls(),
]

handler403 = "zhike.interfaces.console.faults.forbidden"
handler404 = "zhike.interfaces.console.faults.not_found"
handler500 = "zhike.interfaces.console.faults.broken"
