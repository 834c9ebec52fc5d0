"""The files app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "zhike.operations.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The erasure of a person takes their files along."""
        from zhike.operations.files.actions import files_erase
        from zhike.operations.governance import erasing

        erase = erasing.Also(
            lambda _actor, _customer_id: None, lambda actor, customer_id: files_erase(actor, customer_id=customer_id)
        )
        erasing.register("files", erase)
