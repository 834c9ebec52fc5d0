"""What a page declares. Menu, address and permission all come from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from django.http import HttpResponse

from zhike.core.registry import Registry
from zhike.core.text import Text

# A view takes (request, actor, **path parameters) and gives its template's values, or a whole answer.
View = Callable[..., dict[str, Any] | HttpResponse]
Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Part:
    """A piece of a page with an address of its own: htmx asks for it, a template partial of that name renders it."""

    name: str
    path: str
    view: View
    permission: str
    method: Method


@dataclass
class Page:
    """One page: ``pages/<name>.py`` registers it, ``pages/<name>.html`` shows it::

        @pages.register(Page(name="overview", path="", title=Text(...), ...))
        def overview(request: HttpRequest, actor: Actor) -> dict[str, Any]: ...

    ``path`` is the address below the root, with Django's converters (``customers/<str:customer_id>/``).
    ``menu`` is the place in the side menu, smallest first; None keeps the page out of it.
    ``under`` names the page whose menu entry is lit for one without its own; ``charts`` loads the chart library.
    ``texts`` are the page's own words, in templates ``{% t "<name>.<key>" %}``.
    """

    do_not_call_in_templates: ClassVar[bool] = True  # Django's templates call whatever can be called

    name: str
    path: str
    title: Text
    meaning: Text
    icon: str
    permission: str
    menu: int | None = None
    under: str = ""
    charts: bool = False
    methods: tuple[Method, ...] = ("GET",)
    texts: Mapping[str, Text] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list, init=False)
    view: View | None = field(default=None, init=False)

    def __call__(self, view: View) -> "Page":
        """Takes the decorated function as the page's view."""
        self.view = view
        return self

    def part(
        self, name: str, path: str, method: Method = "GET", permission: str | None = None
    ) -> Callable[[View], View]:
        """Decorates the view of a part at ``<page path><path>``; its permission is the page's unless named."""

        def take(view: View) -> View:
            self.parts.append(Part(name, self.path + path, view, permission or self.permission, method))
            return view

        return take


pages: Registry[Page] = Registry("pages", "zhike.interfaces.console.pages")
