"""The offer types: one file is one kind of action. A new file competes by being here."""

from zhike.core.registry import Registry
from zhike.decide.offer import AnyOffer

offers: Registry[AnyOffer] = Registry("offers", __name__)
