"""Promises: what must be remembered, permitted and audited. One Django app per part of the business."""
