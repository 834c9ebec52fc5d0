"""What somebody says before they look at, drop or end what is not theirs to: it goes on record."""

from zhike.core.errors import BadInput
from zhike.core.text import Text


def require_purpose(purpose: str) -> None:
    """Raises BadInput where nothing is said."""
    if not purpose.strip():
        raise BadInput(Text("请说明用途、理由或依据。", "A purpose or reason is needed: say in a few words why."))
