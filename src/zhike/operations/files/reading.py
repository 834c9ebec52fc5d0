"""How a file is found: among the actor's rows, and only where its owner's rule lets the actor see its files."""

from uuid import UUID

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden, NotFound
from zhike.core.text import Text
from zhike.operations.files import owners
from zhike.operations.files.models import StoredFile


def required(actor: Actor, file_id: UUID) -> StoredFile:
    """The file with its content's row; NotFound alike for another's, for one whose owner is not seen, and for none."""
    found: StoredFile | None = StoredFile.visible_to(actor).filter(file_id=file_id).select_related("blob").first()
    if found is not None:
        try:
            owners.require(actor, found.owner_type, found.owner_id)
        except (NotFound, Forbidden):
            found = None
    if found is None:
        raise NotFound(Text("没有这个文件。", "There is no such file."))
    return found
