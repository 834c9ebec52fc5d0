"""Facts: what happened, as it was known. Ibis expressions over canonical tables; no Django, no network."""
