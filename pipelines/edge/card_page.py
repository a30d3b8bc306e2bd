"""A topic model's card as a page that opens with a double click, its pictures in it."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup


def card_page(card: str, pictures: Mapping[str, str], *, title: str) -> str:
    """Render a card.

    Parameters
    ----------
    card
        Markdown, as `insight.topics.model_card` writes it. HTML in it stays text.
    pictures
        File name of each picture that the card names, such as ``"confusion.svg"``, to its SVG
        element, which takes the image's place.
    title
        Of the page.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(card)
    body = str(reader.renderer.render(tokens, reader.options, {}))
    named = [
        child
        for token in tokens
        for child in token.children or ()
        if child.type == "image" and str(child.attrs.get("src")) in pictures
    ]
    for image in named:
        written = str(reader.renderer.render([image], reader.options, {}))
        element = f'<figure class="chart">{pictures[str(image.attrs["src"])]}</figure>'
        body = body.replace(f"<p>{written}</p>", element, 1)
    # Wide tables scroll by themselves on a narrow screen.
    scrolling = '<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>'
    body = body.replace("<table>", scrolling).replace("</table>", "</table></div>")
    environment = Environment(
        loader=PackageLoader("pipelines.edge", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    css = environment.get_template("site.css").render()
    page = environment.get_template("card.html.j2")
    # Markdown's own output, with HTML off, and our own pictures and style.
    return page.render(title=title, css=Markup(css), body=Markup(body))  # noqa: S704
