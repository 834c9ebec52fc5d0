"""The policies: one file is one rule of the bank or the law that stands before every selling action."""

from zhike.core.registry import Registry
from zhike.decide.policy import AnyPolicy

policies: Registry[AnyPolicy] = Registry("policies", __name__, "policy")
