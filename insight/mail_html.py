"""Turn the HTML of an e-mail into text, without running or fetching anything."""

import html
import re

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MANY_NEWLINES = re.compile(r"\n{3,}")
_TAG = re.compile(r"/?[A-Za-z][A-Za-z0-9:]{0,30}(?=[\s/]|\Z)|[!?]")
_CITED = re.compile(
    r"""\btype\s*=\s*["']?cite|\bclass\s*=\s*["']?[^"'>]*(?:gmail_quote|moz-cite)"""
)

_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"}
)
_LINES = frozenset(
    {"div", "tr", "li", "hr", "pre", "body", "section", "article", "header", "footer", "center"}
    | {"address", "dl", "dt", "dd", "form", "fieldset"}
    | _PARAGRAPHS
)
_CELLS = frozenset({"td", "th"})


def text_of_html(source: str) -> str:
    r"""Return what a reader of an HTML e-mail would see, as lines of text.

    Parameters
    ----------
    source
        The HTML, however broken. Scripts, styles and pictures give nothing.

    Returns
    -------
    str
        Blocks on lines of their own, paragraphs apart by a blank line, and what a mail program
        marked as quoted behind ``"> "``.

    Notes
    -----
    Time grows linearly with length whatever the nesting. It reads tags one after another and
    builds no tree: tree builders took minutes over, or dropped, some thousand nested elements.

    Examples
    --------
    >>> text_of_html("<p>No bin<br>today &amp; yesterday</p><blockquote type=cite>Hi</blockquote>")
    'No bin\ntoday & yesterday\n\n> Hi'
    """
    lines = _Lines()
    hidden = ""
    first, *pieces = _without_comments(source).split("<")
    lines.add(first)
    for piece in pieces:
        inside, closed, after = piece.partition(">")
        tag = _TAG.match(inside)
        if tag is None or not closed:
            # Not a tag, such as "< 5 pounds" or an address in angle brackets.
            if not hidden:
                lines.add("<" + piece)
            continue
        name = tag.group().lower()
        if hidden:
            if name == f"/{hidden}":
                hidden = ""
                lines.add(after)
            continue
        if name in _HIDDEN and not inside.endswith("/"):
            hidden = name
            continue
        lines.tag(name, inside)
        lines.add(after)
    return lines.text()


def _without_comments(source: str) -> str:
    kept = []
    position = 0
    while (start := source.find("<!--", position)) >= 0:
        end = source.find("-->", start + 4)
        if end < 0:
            break
        kept.append(source[position:start])
        position = end + 3
    kept.append(source[position:])
    return "".join(kept)


class _Lines:
    """Lines in the making."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._empty = True
        self._quotes: list[bool] = []
        self._quoted = 0
        self._preformatted = 0

    def add(self, text: str) -> None:
        """Add text between two tags."""
        if not text:
            return
        if self._preformatted:
            first, *others = html.unescape(text).replace("\r\n", "\n").split("\n")
            self._put(first)
            for line in others:
                self._break()
                self._put(line)
            return
        collapsed = _BLANKS.sub(" ", text)
        if self._empty:
            collapsed = collapsed.lstrip(" ")
        self._put(html.unescape(collapsed) if "&" in collapsed else collapsed)

    def tag(self, name: str, inside: str) -> None:
        """Follow a tag: begin a line or a paragraph, or count a quotation."""
        closing = name.startswith("/")
        plain = name.lstrip("/")
        if plain == "br":
            self._break()
        elif plain in _CELLS:
            if closing:
                self._put(" ")
        elif plain in _LINES:
            if not self._empty:
                self._break()
            if plain == "blockquote":
                self._quote(inside, closing=closing)
            elif plain == "pre":
                self._preformatted = max(self._preformatted + (-1 if closing else 1), 0)
            elif plain == "li" and not closing:
                self._put("- ")
            if closing and plain in _PARAGRAPHS:
                self._break()

    def text(self) -> str:
        """Return all lines."""
        self._break()
        return _MANY_NEWLINES.sub("\n\n", "\n".join(self._done)).strip("\n")

    def _quote(self, inside: str, *, closing: bool) -> None:
        if not closing:
            cited = _CITED.search(inside[:500]) is not None
            self._quotes.append(cited)
            self._quoted += cited
        elif self._quotes:
            self._quoted -= self._quotes.pop()

    def _put(self, text: str) -> None:
        if text:
            self._line.append(text)
            self._empty = False

    def _break(self) -> None:
        line = "".join(self._line).replace("\xa0", " ")
        stripped = line.rstrip()
        # A signature's mark is known by its trailing blank.
        if stripped == "--" and line != stripped:
            stripped = "-- "
        self._done.append("> " + stripped if self._quoted and stripped else stripped)
        self._line.clear()
        self._empty = True
