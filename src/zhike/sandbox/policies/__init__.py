"""Policies of a bank that knows the truth, or nothing: what a real one is measured against. One file is one policy."""

from zhike.sandbox.policies.choosing import Chosen, Policy
from zhike.sandbox.policies.everything import everything
from zhike.sandbox.policies.nobody import nobody
from zhike.sandbox.policies.oracle import Oracle
from zhike.sandbox.policies.propensity import propensity
from zhike.sandbox.policies.random_offer import random_offer
from zhike.sandbox.policies.worth import Worth

__all__ = ["Chosen", "Oracle", "Policy", "Worth", "everything", "nobody", "propensity", "random_offer"]
