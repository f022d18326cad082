"""Make the fonts that are served and drawn with, from the npm package @fontsource/be-vietnam-pro (SIL OFL 1.1).

For: a developer, after `npm ci`: `python static/src/fonts.py`. One woff2 a weight holding exactly Vietnamese, ASCII
and punctuation (the package's own files split Vietnamese over two downloads and lose the kerning between them);
'BVP Tab', the same digits at one width, because the family has no `tnum`; whole TTFs for pictures and print.
Not for: a server or an install; what it makes is committed.
"""

import shutil
import tempfile
import unicodedata
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "node_modules/@fontsource/be-vietnam-pro"
WEB = HERE / "fonts"
DRAWING = HERE.parent.parent / "onboarding/content/fonts"
WEIGHTS = (400, 600, 700)
# The width of a digit in 'BVP Tab', in font units: a little over the mean, so that 1 does not float nor 4 touch.
DIGIT_WIDTH = {400: 640, 600: 660, 700: 664}
DIGITS = "0123456789"
PUNCTUATION = "\u00a0«»–—‘’“”…•·×÷°±²³½₫€−§©"
BASES = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = "\u0300\u0309\u0303\u0301\u0323"


def web_text() -> str:
    """Return every character the served fonts must hold: ASCII, Vietnamese letters in NFC, punctuation."""
    vietnamese = [unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES]
    return "".join(map(chr, range(0x20, 0x7F))) + BASES + "đĐ" + "".join(vietnamese) + PUNCTUATION


def part(subset: str, weight: int) -> Path:
    """Return the path of one subset file of the package."""
    return PACKAGE / f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2"


def merged(weight: int, into: Path) -> TTFont:
    """Return one font of a weight from its latin, latin-ext and vietnamese subsets."""
    paths = []
    for subset in ("latin", "vietnamese", "latin-ext"):
        font = TTFont(part(subset, weight), recalcTimestamp=False)
        font.flavor = None
        for table in ("STAT", "DSIG"):
            if table in font:
                del font[table]
        path = into / f"{subset}-{weight}.ttf"
        font.save(path)
        paths.append(str(path))
    font = Merger().merge(paths)
    font.recalcTimestamp = False
    return font


def subset(font: TTFont, text: str, features: list[str]) -> None:
    """Reduce font to the characters of text and the named layout features, without hints."""
    options = Options(
        layout_features=features, hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True
    )
    options.drop_tables += ["FFTM", "prep", "gasp", "fpgm", "cvt "]
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)


def even_digits(font: TTFont, weight: int) -> None:
    """Give the ten digits one width, each in the middle of it, and the family the name 'BVP Tab'."""
    glyphs, widths, names = font["glyf"], font["hmtx"], font.getBestCmap()
    for digit in DIGITS:
        name = names[ord(digit)]
        glyph = glyphs[name]
        glyph.coordinates.translate((round((DIGIT_WIDTH[weight] - widths[name][0]) / 2), 0))
        glyph.recalcBounds(glyphs)
        widths[name] = (DIGIT_WIDTH[weight], glyph.xMin)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = f"BVPTab-{weight}" if record.nameID == 6 else "BVP Tab"


def make(weight: int, into: Path) -> None:
    """Write the TTF, the web font and the even digits of one weight."""
    whole = merged(weight, into)
    whole.save(DRAWING / f"BeVietnamPro-{weight}.ttf")
    web = TTFont(DRAWING / f"BeVietnamPro-{weight}.ttf", recalcTimestamp=False)
    subset(web, web_text(), ["kern", "ccmp", "locl", "mark"])
    web.flavor = "woff2"
    web.save(WEB / f"bvp-{weight}.woff2")
    tab = TTFont(part("latin", weight), recalcTimestamp=False)
    subset(tab, DIGITS, [])
    even_digits(tab, weight)
    tab.flavor = "woff2"
    tab.save(WEB / f"bvp-tab-{weight}.woff2")


def main() -> None:
    """Make all weights and put the licence beside them."""
    for folder in (WEB, DRAWING):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGE / "LICENSE", folder / "OFL.txt")
    with tempfile.TemporaryDirectory() as into:
        for weight in WEIGHTS:
            make(weight, Path(into))


if __name__ == "__main__":
    main()
