"""Endpoints for machines: is it well (``/healthz``), and in figures (``/metrics``). They tell of no person."""

import time
from collections.abc import Callable
from contextlib import suppress

import prometheus_client
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from prometheus_client import Counter, Gauge, Histogram

from zhike.core.errors import Unavailable
from zhike.interfaces import figures
from zhike.operations.customers import queries
from zhike.operations.governance.actors import job_actor

_ANSWERS = Counter("zhike_requests_total", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram(
    "zhike_request_seconds", "Time to answer", ["route"], buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
)
_PUBLISHED_AT = Gauge("zhike_published_timestamp_seconds", "When the publication was made")
_AS_OF = Gauge("zhike_published_as_of_timestamp_seconds", "The day that the publication speaks of")
_CUSTOMERS = Gauge("zhike_published_customers", "Customers in the publication")

_MACHINE = job_actor("health")  # whoever asks: the answer tells of no person


class MetricsMiddleware:
    """Counts and times every answer by route, never by address: addresses hold customer ids."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self._answer(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        _ANSWERS.labels(method, route, str(response.status_code)).inc()
        _SECONDS.labels(route).observe(time.perf_counter() - started)
        return response


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers; what is published and how old it is. 503 otherwise."""
    try:
        connection.ensure_connection()
        state = queries.publication_state(_MACHINE)
    except OperationalError:
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=503)
    except Unavailable:
        return JsonResponse({"status": "ok", "database": "answers", "published": None})
    published = {
        "snapshot": state.published.snapshot,
        "as_of": state.published.as_of.isoformat(),
        "age_seconds": round(state.age_seconds),
    }
    return JsonResponse({"status": "ok", "database": "answers", "published": published})


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus text."""
    try:
        state = queries.publication_state(_MACHINE)
    except (OperationalError, Unavailable):
        pass
    else:
        _PUBLISHED_AT.set(state.published.at.timestamp())
        _AS_OF.set(time.mktime(state.published.as_of.timetuple()))
        _CUSTOMERS.set(state.customers)
    with suppress(OperationalError):
        figures.read(_MACHINE)
    return HttpResponse(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


urlpatterns = [path("healthz", healthz, name="healthz"), path("metrics", metrics, name="metrics")]
