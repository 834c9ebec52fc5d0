"""What a request asks for: a frozen dataclass of bounded fields, its canonical form, and its digest.

A field is a text, a whole number or a day; each says its title and its bounds::

    @dataclass(frozen=True)
    class Payload:
        user: str = asked(Text("用户", "User"), most=64)
        days: int = asked(Text("天数", "Days"), least=1, most=30)
        since: date | None = asked(Text("起始日", "From"), optional=True)
"""

import dataclasses
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, get_args, get_type_hints

from zhike.core.errors import BadInput
from zhike.core.text import Text

Choices = Callable[[], Mapping[str, Text]]
_MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Asked:
    """One field, as forms and readers need it. ``most`` bounds the length of a text, the value of a number."""

    title: Text
    hint: Text | None
    least: int
    most: int
    optional: bool
    choices: Choices | None


def asked(
    title: Text, *, hint: Text | None = None, least: int = 0, most: int = _MOST_CHARACTERS, optional: bool = False,
    choices: Choices | None = None,
) -> Any:  # fmt: skip
    """Declares a field of a payload; an optional one is "" or None where it is not given."""
    return dataclasses.field(metadata={"asked": Asked(title, hint, least, most, optional, choices)})


@dataclass(frozen=True)
class Field:
    """A field with its name and type: ``str``, ``int`` or ``date``."""

    name: str
    type: type
    asked: Asked

    @property
    def needed(self) -> bool:
        return not self.asked.optional

    @property
    def choices(self) -> Mapping[str, Text]:
        return self.asked.choices() if self.asked.choices else {}


def fields_of(payload: type[Any]) -> list[Field]:
    """The fields of a payload, in order; raises TypeError for one that is not declared by `asked`."""
    types, found = get_type_hints(payload), []
    for each in dataclasses.fields(payload):
        if "asked" not in each.metadata:
            raise TypeError(f"{payload.__name__}.{each.name}: declare it by asked(…)")
        kind = next((one for one in get_args(types[each.name]) if one is not type(None)), types[each.name])
        if kind not in (str, int, date):
            raise TypeError(f"{payload.__name__}.{each.name}: a field is a str, an int or a date")
        found.append(Field(each.name, kind, each.metadata["asked"]))
    return found


def parse(payload: type[Any], given: Mapping[str, Any]) -> Any:
    """The payload from what was typed or sent; raises BadInput that names the field."""
    known = fields_of(payload)
    unknown = sorted(given.keys() - {each.name for each in known})
    if unknown:
        raise BadInput(Text(f"没有字段 {unknown[0][:40]!r}。", f"There is no field {unknown[0][:40]!r}."))
    return payload(**{each.name: _value(each, given.get(each.name)) for each in known})


def canonical(payload: Any) -> str:
    """JSON with sorted keys and no spaces: equal payloads are equal texts."""
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(payload).items()}
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_canonical(payload: type[Any], text: str) -> Any:
    return parse(payload, json.loads(text))


def digest(kind: str, version: int, text: str) -> str:
    """SHA-256, hex, of what is signed. The database computes the same (migration 0002)."""
    return sha256(f"{kind}\x1f{version}\x1f{text}".encode()).hexdigest()


def shown(payload: Any) -> list[tuple[str, Text, Any]]:
    """(name, title, value) of every field; a choice is its own title."""
    return [
        (each.name, each.asked.title, each.choices.get(getattr(payload, each.name), getattr(payload, each.name)))
        for each in fields_of(type(payload))
    ]


def _value(field: Field, given: Any) -> Any:
    text = unicodedata.normalize("NFC", given).strip() if isinstance(given, str) else given
    if text in (None, ""):
        if field.needed:
            raise _wrong(field, "请填写", "give a value")
        return "" if field.type is str else None
    value = _CONVERTED[field.type](field, text)
    if field.asked.choices and value not in field.choices:
        raise _wrong(field, "请从列表中选择", "choose one of the list")
    return value


def _text(field: Field, given: Any) -> str:
    if not isinstance(given, str) or not given.isprintable() or len(given) > field.asked.most:
        raise _wrong(
            field, f"须为不超过 {field.asked.most} 字的一行文字", f"one line of at most {field.asked.most} characters"
        )
    return given


def _number(field: Field, given: Any) -> int:
    plain = isinstance(given, int) and not isinstance(given, bool)
    if isinstance(given, str) and given.isascii() and given.removeprefix("-").isdigit() and len(given) <= 18:
        plain = True
    if not plain or not field.asked.least <= int(given) <= field.asked.most:
        least, most = field.asked.least, field.asked.most
        raise _wrong(field, f"须为 {least} 到 {most} 的整数", f"a whole number from {least} to {most}")
    return int(given)


def _day(field: Field, given: Any) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given if len(given) == 10 else "")
    except (TypeError, ValueError):
        raise _wrong(field, "须为日期，例如 2026-06-30", "a day, such as 2026-06-30") from None


def _wrong(field: Field, zh: str, en: str) -> BadInput:
    return BadInput(Text(f"{field.asked.title.zh}：{zh}。", f"{field.asked.title.en}: {en}."))


_CONVERTED: dict[type, Callable[[Field, Any], Any]] = {str: _text, int: _number, date: _day}
