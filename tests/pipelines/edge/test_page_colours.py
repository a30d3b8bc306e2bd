import re

import pytest


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("ink", ground) for ground in ("paper", "card", "brand-tint", "red-tint", "focus")),
        *(("muted", ground) for ground in ("paper", "card")),
        *((name, f"{name}-tint") for name in ("red", "amber", "green", "none", "brand")),
        *(("card", ground) for ground in ("red", "amber", "green", "none", "brand")),
        *((ink, "brand-light") for ink in ("card", "mast-quiet", "mast-period")),
        ("brand-deep", "brand-tint"),
        ("map-ink", "map-ground"),
    ],
)
def test_words_stand_out_from_what_is_behind_them(site, ink, ground):
    # axe can't judge gradients, single characters or drawings, so the palette is checked here.
    palette = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", site["index.html"]))
    dark, light = sorted([luminance(palette[ink]), luminance(palette[ground])])
    assert (light + 0.05) / (dark + 0.05) >= 4.5
