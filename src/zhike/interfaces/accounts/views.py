"""allauth's pages of one's own log-in: with our permission, and on record."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import account_inactive, login, logout, reauthenticate
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, view_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from zhike.core.errors import ZhikeError
from zhike.interfaces.console import faults
from zhike.interfaces.console.acting import acting
from zhike.interfaces.console.serve import to_login
from zhike.operations.governance.factor import Change, factor_changed

View = Callable[..., HttpResponse]


class _Recorded:
    """What the form does, and the entry of it, in one transaction."""

    change: Change

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor_changed(acting(self.request), change=self.change)
        return answer


class SetUpView(_Recorded, ActivateTOTPView):
    change = "set up"


class RemoveView(_Recorded, DeactivateTOTPView):
    change = "removed"


class CodesView(_Recorded, GenerateRecoveryCodesView):
    change = "recovery codes made"


def own(view: View, *methods: str) -> View:
    """For whoever is logged in and may look after their own log-in; what is not there leads back to the account."""

    @wraps(view)
    def answer(request: HttpRequest, **parameters: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        try:
            acting(request).require("manage_own_account")
            return view(request, **parameters)
        except ZhikeError as fault:
            return faults.answer(request, fault)
        except Http404:
            return redirect("account")

    return require_http_methods(methods or ("GET", "HEAD", "POST"))(answer)


def to_account(_request: HttpRequest) -> HttpResponse:
    return redirect("account")


urlpatterns: list[URLPattern] = [
    path("login/", login, name="account_login"),
    path("login/inactive/", account_inactive, name="account_inactive"),
    path("login/code/", base.authenticate, name="mfa_authenticate"),
    path("logout/", logout, name="account_logout"),
    path("account/confirm/", own(reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", own(base.reauthenticate), name="mfa_reauthenticate"),
    path("account/factor/", own(to_account, "GET", "HEAD"), name="mfa_index"),
    path("account/factor/set-up/", own(SetUpView.as_view()), name="mfa_activate_totp"),
    path("account/factor/remove/", own(RemoveView.as_view()), name="mfa_deactivate_totp"),
    path("account/codes/", own(view_recovery_codes, "GET", "HEAD"), name="mfa_view_recovery_codes"),
    path("account/codes/new/", own(CodesView.as_view()), name="mfa_generate_recovery_codes"),
]
