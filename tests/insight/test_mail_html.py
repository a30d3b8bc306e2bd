"""HTML gives the words a reader would see, whatever its state."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.mail_html import text_of_html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("<p>One\n  more</p>\n<p>Two</p>", "One more\n\nTwo"),
        ("a<br/>b &lt;c&gt;&nbsp;d", "a\nb <c> d"),
        ("<head><title>T</title></head><style>p > b {}</style><script>x<y</script>Hi", "Hi"),
        ("<!--[if mso]><b>no</b><![endif]-->Hi<!-- open", "Hi<!-- open"),
        ("It costs < 5 pounds, write <a@b.uk>", "It costs < 5 pounds, write <a@b.uk>"),
        ("<ul><li>bins<li>lamps</ul>", "- bins\n- lamps"),
        ("<tr><td>a</td><td>b</td></tr>", "a b"),
        ("<pre>one\n  two</pre>", "one\n  two"),
        ("Hi<div>-- <br>Jane</div>", "Hi\n-- \nJane"),
        ("Hi<blockquote type=cite><p>old</p></blockquote>new", "Hi\n> old\n\nnew"),
        ("<blockquote style='margin:0'>mine</blockquote>", "mine"),
        ('<img src="http://example.com/track.png" onerror="x()">Hi', "Hi"),
    ],
)
def test_what_a_reader_sees_is_what_there_is(source, text):
    assert text_of_html(source) == text


@given(st.text(alphabet="<>/ab!-&;#pdiv \n\"'=", max_size=200))
def test_any_text_is_read(source):
    text_of_html(source)


@pytest.mark.parametrize("piece", ["<", "<div>", "<!--", "<style>", "<a '", "&#", "</p>", "<p\n"])
def test_long_html_takes_no_longer_than_its_length(piece):
    started = time.process_time()
    text_of_html(piece * 200_000)
    assert time.process_time() - started < 4
