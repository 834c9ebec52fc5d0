"""The addresses of the console, and one that reads one row of the published view and answers with it."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from zhike.interfaces.urls import handler403, handler404, handler500
from zhike.interfaces.urls import urlpatterns as console
from zhike.operations.customers.reading import published

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
_TABLES: list[str] = []


def one_row(_request: HttpRequest, customer_id: str) -> JsonResponse:
    if not _TABLES:
        _TABLES.append(published().table("customer_view"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, tier FROM published.{_TABLES[0]} WHERE customer_id = %s", [customer_id])
        found = cursor.fetchone()
    return JsonResponse({"customer_id": found[0], "tier": found[1]})


urlpatterns = [path("one-row/<str:customer_id>", one_row), *console]
