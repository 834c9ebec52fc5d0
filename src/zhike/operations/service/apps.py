"""The service app."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "zhike.operations.service"
    label = "service"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Files of complaints are seen by the complaint's own rule; the erasure of a person takes the texts along."""
        from zhike.operations.files import owners
        from zhike.operations.governance import erasing
        from zhike.operations.service.attachments import of_complaint
        from zhike.operations.service.erasing import complaints_allow_erasure, complaints_erase

        owners.register("complaint", of_complaint)
        erase = erasing.Also(
            complaints_allow_erasure, lambda actor, customer_id: complaints_erase(actor, customer_id=customer_id)
        )
        erasing.register("service", erase)
