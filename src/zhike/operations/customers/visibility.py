"""Whom an actor sees (`governance.visibility`)."""

from zhike.operations.governance.visibility import is_visible, require_bank, require_visible, visible_ids

__all__ = ["is_visible", "require_bank", "require_visible", "visible_ids"]
