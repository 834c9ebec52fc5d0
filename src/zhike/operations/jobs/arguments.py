"""What a job may carry: ids and codes, typed. A name, phone, card or ID number in a queue would be a leak in clear."""

import inspect
import re
from collections.abc import Callable, Mapping

from zhike.core.errors import Invariant

Value = str | int | bool | None
_TYPES = {str: (str,), int: (int,), bool: (bool,)}
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,127}")
_HASH = re.compile(r"[0-9a-f]{16,64}")
_DIGITS = re.compile(r"\d{7,}")  # a phone has 8 or 11, a card 13 to 19, an ID number 15 or 18
_MOST_INT = 10**10  # below every mobile number, card and ID number


def parameters_of(function: Callable[..., object], name: str) -> Mapping[str, type]:
    """The typed parameters after the actor; raises Invariant at import for one that could not be checked."""
    found = {}
    signature = inspect.signature(function, eval_str=True)
    for place, parameter in enumerate(signature.parameters.values()):
        if place == 0:
            continue
        if parameter.annotation not in _TYPES or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            raise Invariant(
                f"Job {name}: argument {parameter.name} must be declared str, int or bool: an id or a code."
            )
        found[parameter.name] = parameter.annotation
    return found


def require_ids(name: str, parameters: Mapping[str, type], given: Mapping[str, object]) -> None:
    """Raises Invariant unless each argument is there, of its type, and an id or a code; never says the value."""
    if given.keys() != parameters.keys():
        raise Invariant(f"Job {name} takes {sorted(parameters)}, and was given {sorted(given)}.")
    for parameter, value in given.items():
        if type(value) not in _TYPES[parameters[parameter]]:
            raise Invariant(f"Job {name}: {parameter} must be {parameters[parameter].__name__}.")
        if not is_id(value):
            raise Invariant(
                f"Job {name}: {parameter} is no id and no code. A job carries ids only: "
                "personal values stay in the vault, and the job reads them there."
            )


def is_id(value: object) -> bool:
    """Whether a value is a small number, a UUID, a day, a hash or a code; what could be a person's number is none."""
    if isinstance(value, int):
        return abs(value) < _MOST_INT
    if not isinstance(value, str):
        return False
    if _UUID.fullmatch(value) or _DAY.fullmatch(value):
        return True
    if _HASH.fullmatch(value) and not value.isdigit() and not _DIGITS.fullmatch(value[:-1]):
        return True
    return bool(_CODE.fullmatch(value)) and not _DIGITS.search(value)
