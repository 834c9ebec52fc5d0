"""The features: one file is one measure of a customer. A new file appears in the view by being here."""

from zhike.core.registry import Registry
from zhike.data.feature import AnyFeature, Windowed

features: Registry[AnyFeature] = Registry("features", __name__)


def register_windows(family: Windowed) -> None:
    """Registers one feature per window."""
    for feature in family.features():
        features.register(feature)
