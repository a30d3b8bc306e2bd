"""What a page says and holds, read as a browser would, for the pages' tests."""

from html.parser import HTMLParser

from pipelines.edge.pages import render_page

VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reading(HTMLParser):
    """Collects what a page says and holds, and whether its tags close."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(content)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID and self.get_starttag_text()[-2:] != "/>":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.said.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.said).split())

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


def words(site, name: str) -> str:
    return Reading(site[f"{name}/index.html"]).words


def said_by(data, name: str) -> str:
    return Reading(render_page(data, name)).words
