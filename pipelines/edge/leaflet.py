"""The map library's own files, as one script and one style sheet that ask for no other."""

import base64
import mimetypes
import re
from importlib.resources import files


def leaflet_files() -> tuple[str, str]:
    """Return Leaflet's script and style sheet, with its pictures inside the style sheet.

    Returns
    -------
    tuple of str
        JavaScript and CSS that ask for no other file.
    """
    folder = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    script = (folder / "leaflet.js").read_text(encoding="utf-8")
    styles = (folder / "leaflet.css").read_text(encoding="utf-8")

    def inline(match: re.Match[str]) -> str:
        name = match["name"]
        if name.startswith("#"):
            return match[0]
        kind = mimetypes.guess_type(name)[0] or "image/png"
        content = base64.b64encode((folder / name).read_bytes()).decode("ascii")
        return f"url(data:{kind};base64,{content})"

    styles = re.sub(r"url\(['\"]?(?P<name>[^)'\"]+)['\"]?\)", inline, styles)
    # Its map of the original source isn't shipped, and browsers would look for it.
    return re.sub(r"//# sourceMappingURL=\S+", "", script), styles
