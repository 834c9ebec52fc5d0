"""Whether a text that a Chinese reader sees is Chinese: names, codes and quoted input may be Latin, sentences not."""

import re

_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_LANGUAGE = re.compile(r"is (not )?null")  # what a condition is written with
_SENTENCE = re.compile(r"(?:[A-Za-z]{2,}[,.:;]?\s+){2}[A-Za-z]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def latin_sentence(text: str) -> str:
    """The first three Latin words in a row, or nothing."""
    found = _SENTENCE.search(_LANGUAGE.sub(" · ", _QUOTED.sub(" · ", text)))
    return found[0] if found else ""


def is_chinese(text: str) -> bool:
    return bool(_CHINESE.search(text)) and not latin_sentence(text)
