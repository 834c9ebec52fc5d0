"""What a test can hold of the looks: contrast, one accent, no gradients, sizes, versions and licences."""

import gzip
import json
import re
from pathlib import Path

import pytest

import zhike.interfaces.console

_ROOT = Path(__file__).parents[2]
_STATIC = Path(zhike.interfaces.console.__file__).parent / "static" / "console"
_SOURCE = (_ROOT / "frontend" / "css" / "app.css").read_text()
_THEMES = {
    match[1]: dict(re.findall(r"--color-([\w-]+): (#[0-9a-f]{6});", match[0]))
    for match in re.finditer(r'name: "(\w+)";.*?\n}', _SOURCE, re.S)
}
_ACCENT_TEXT = {"light": "#2456e6", "dark": "#8ea9f5"}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_both_surfaces(theme: str) -> None:
    tokens = _THEMES[theme]
    texts = {name: tokens[name] for name in ("base-content", "secondary", "success", "warning", "error")}
    texts["accent as text"] = _ACCENT_TEXT[theme]
    for surface in (tokens["base-100"], tokens["base-200"]):
        for name, colour in texts.items():
            assert _contrast(colour, surface) >= 4.5, f"{theme}: {name} {colour} on {surface}"
    assert _contrast(tokens["primary-content"], tokens["primary"]) >= 4.5
    assert _contrast(tokens["primary"], tokens["base-100"]) >= 3, "bars against their panel"


def test_the_accent_is_the_same_in_both_themes() -> None:
    assert {theme["primary"] for theme in _THEMES.values()} == {"#2456e6"}
    assert "light-dark(#2456e6, #8ea9f5)" in (_ROOT / "frontend" / "css" / "tokens.css").read_text()


def test_no_gradients_and_nothing_from_elsewhere() -> None:
    own = "".join(path.read_text() for path in (_ROOT / "frontend" / "css").glob("*.css"))
    assert "gradient" not in own
    assert "http" not in (_STATIC / "app.css").read_text().replace("https://tailwindcss.com", "").replace(
        "http://www.w3.org", ""
    )


def test_the_first_load_is_small() -> None:
    first = [
        _STATIC / "app.css",
        _STATIC / "app.js",
        *(_STATIC / "vendor" / f"{name}.min.js" for name in ("htmx", "alpine-csp")),
    ]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in first}
    assert sum(sizes.values()) <= 60_000, sizes


def test_what_is_vendored_names_its_version_and_licence() -> None:
    versions = json.loads((_STATIC / "vendor" / "VERSIONS.json").read_text())
    locked = json.loads((_ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    assert versions["htmx.org"]["version"] == "2.0.11"
    assert versions["echarts"]["version"].startswith("6.")
    for name, shipped in versions.items():
        assert shipped["version"] == locked[f"node_modules/{name}"]["version"]
        assert shipped["licence"]
    licences = {path.stem for path in (_STATIC / "vendor" / "licences").iterdir()}
    assert {
        "htmx",
        "alpine",
        "echarts",
        "echarts-notice",
        "zrender",
        "tslib",
        "lucide",
        "daisyui",
        "tailwindcss",
    } <= licences


def test_the_lock_file_names_no_host() -> None:
    assert '"resolved"' not in (_ROOT / "frontend" / "package-lock.json").read_text()


def test_no_template_sets_a_style_or_runs_inline_code() -> None:
    """The content policy would refuse it; here it is found without a browser."""
    for path in (_STATIC.parents[1]).rglob("*.html"):
        source = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|hx-on|javascript:", source), path.name
        for tag in re.findall(r"<script\b[^>]*>", source):
            assert "request.csp_nonce" in tag, f"{path.name}: {tag}"
