"""Whom a complaint is about never sees it by a key of theirs either, nor by a right that they lent."""

from typing import ClassVar

from django.db import migrations

_SEEN = """
    (SELECT zhike_scope()) IS NOT NULL
    AND ((SELECT zhike_sees_all()) OR (customer_id IS NOT NULL AND zhike_sees(customer_id)))
    AND about IS DISTINCT FROM (SELECT zhike_acting_name())
"""
_OR_FOR = " AND about IS DISTINCT FROM (SELECT zhike_acting_for())"
_POLICY = "ALTER POLICY acting ON service_complaint USING ({seen}) WITH CHECK ({seen})"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("service", "0002_locks"), ("governance", "0013_on_behalf_of")]
    operations: ClassVar = [migrations.RunSQL(_POLICY.format(seen=_SEEN + _OR_FOR), _POLICY.format(seen=_SEEN))]
