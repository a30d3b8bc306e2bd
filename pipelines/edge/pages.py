"""One page per reader: complete, self-contained HTML that opens from disk, e-mail or a phone.

Rendering is pure: `render_site` returns contents by relative path and writes nothing. Every text
is escaped by the templates; only drawings made here pass as they are.
"""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from insight.spc_svg import STYLE
from pipelines.edge.manager_pages import manager_pages
from pipelines.edge.manager_views import MANAGER_FIGURES
from pipelines.edge.page_data import Download, PageData, check
from pipelines.edge.page_views import VIEWS, headlines
from pipelines.edge.page_words import FILTERS
from pipelines.edge.scorecard_pages import scorecard_pages
from pipelines.edge.service_views import PLANNING_FIGURES

__all__ = ["AUDIENCES", "Audience", "Download", "PageData", "render_page", "render_site"]


@dataclass(frozen=True, slots=True)
class Audience:
    """A reader's page: its folder, its title, whom it is for and what it holds."""

    folder: str
    title: str
    for_whom: str
    holds: str

    @property
    def href(self) -> str:
        """Address from the folder that holds all pages."""
        return f"{self.folder}/index.html"


APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
AUDIENCES = (
    Audience(
        "performance",
        f"The month{APOSTROPHE}s run and scorecard",
        "Performance team",
        "Every row accounted for, what was refused and why, and each measure.",
    ),
    Audience(
        "wardens",
        "Where to patrol",
        "Dog wardens",
        "The places to look at first, with a map and a sheet to print.",
    ),
    Audience(
        "service-managers",
        "What people contact us about",
        "Heads of service and service managers",
        "Contacts, topics, complaints and satisfaction of each service.",
    ),
    Audience(
        "planning",
        "Planning: satisfaction and cases",
        "Planning team",
        "Whether applicants are more satisfied, and how cases move.",
    ),
    Audience(
        "customer-services",
        "What to tell callers",
        "Customer services",
        "How long each kind of case takes now, and a sentence to say.",
    ),
    Audience(
        "senior-leadership",
        "What is off target",
        "Senior leadership",
        "Red and amber measures first, with direction and commentary.",
    ),
    Audience(
        "public",
        "How we are doing",
        "Everyone",
        "Published measures only, with what each one means.",
    ),
)
SCORECARD_FOR = ("performance", "senior-leadership")
MEANINGS = {
    "planning": (
        *PLANNING_FIGURES, "case_wait_days_typical", "case_wait_days_slowest_tenth",
    ),
    "service-managers": MANAGER_FIGURES,
}  # fmt: skip


def render_site(data: PageData) -> dict[str, str | bytes]:
    """Render every page.

    Parameters
    ----------
    data
        One month's figures (`PageData`).

    Returns
    -------
    dict
        Relative path, such as ``"wardens/index.html"``, to content. Equal data give equal
        contents. ``"wardens/map.html"`` is there if `data` has a map.

    Raises
    ------
    MissingColumnsError
        If one of the frames lacks a column.
    """
    check(data)
    site: dict[str, str | bytes] = {"index.html": _index(data)}
    site |= {audience.href: render_page(data, audience.folder) for audience in AUDIENCES}
    if data.judged is not None:
        sheets = scorecard_pages(data, _environment(), _css(scorecard=True))
        site |= {
            f"{folder}/{name}": page for folder in SCORECARD_FOR for name, page in sheets.items()
        }
    managers = manager_pages(data, _environment(), _css())
    site |= {f"service-managers/{name}": content for name, content in managers.items()}
    if data.map_html is not None:
        site["wardens/map.html"] = data.map_html
    return site


def render_page(data: PageData, folder: str) -> str:
    """Render one reader's page; `folder` is the reader's, such as ``"wardens"``."""
    check(data)
    audience = next(each for each in AUDIENCES if each.folder == folder)
    downloads = [item for item in data.downloads if item.audience == folder]
    return (
        _environment()
        .get_template(f"{folder}.html.j2")
        .render(
            data=data,
            css=_css(scorecard=data.judged is not None and folder in SCORECARD_FOR),
            audience=folder,
            title=audience.title,
            downloads=downloads,
            meanings=_meanings(data, folder),
            **VIEWS[folder](data),
        )
    )


def page_from(template: str, **view: object) -> str:
    """Render one template that stands apart from the month's site."""
    return _environment().get_template(template).render(css=_css(), **view)


def render_template(
    template: str, data: PageData, *, audience: str, title: str, **values: object
) -> str:
    """Render a further page of a reader's folder, in the look of the others."""
    return (
        _environment()
        .get_template(template)
        .render(
            data=data,
            css=_css(),
            audience=audience,
            title=title,
            downloads=[],
            meanings=[],
            **values,
        )
    )


def _meanings(data: PageData, folder: str) -> list[tuple[str, str]]:
    """Give title and definition of the figures that a page shows, as the catalogue has them."""
    known = [data.catalogue[code] for code in MEANINGS.get(folder, ()) if code in data.catalogue]
    return [(title, definition) for title, _, definition in known]


def _index(data: PageData) -> str:
    return (
        _environment()
        .get_template("index.html.j2")
        .render(
            data=data,
            css=_css(),
            audience="index",
            downloads=[],
            meanings=[],
            title=f"This month{APOSTROPHE}s pages",
            doors=AUDIENCES,
            news=headlines(data),
        )
    )


def _css(*, scorecard: bool = False) -> Markup:
    names = ["site.css", "scorecard.css"] if scorecard else ["site.css"]
    parts = [_environment().get_template(name).render() for name in names]
    return Markup("".join([*parts, STYLE] if scorecard else parts))  # noqa: S704  (holds no data)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines.edge", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    return environment
