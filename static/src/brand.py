"""Draw the brand mark (an arched door with two knock waves) as the icons an installed app needs.

For: a developer, after a change of the mark: `python static/src/brand.py`. One geometry, five files.
Not for: the mark inside pages (templates/components/mark.html, the same 48-unit geometry, in the page's colours).
"""

from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parent / "brand"
GREEN, OCHRE, WHITE = "#073b34", "#e5a82e", "#ffffff"
SMOOTH = 4  # drawn four times as large, then reduced: Pillow's shapes have no soft edges of their own
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">\
<rect width="48" height="48" rx="11" fill="{green}"/>\
<g transform="translate(5.5 4.6) scale(.8)"><path fill="{white}" d="M6 45V20a13 13 0 0 1 26 0v25z"/>\
<circle cx="26" cy="30" r="2.6" fill="{ochre}"/><path d="M36.5 23.5a11 11 0 0 1 0 13M41.5 19a18 18 0 0 1 0 22" \
fill="none" stroke="{ochre}" stroke-width="3.4" stroke-linecap="round"/></g></svg>
"""


def draw(size: int, *, mark: float, corner: float) -> Image.Image:
    """Return the icon at size pixels; mark and corner (a radius) are shares of the side."""
    side = size * SMOOTH
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), corner * side, fill=GREEN)
    unit = side * mark / 48
    left, top = (side - 48.5 * unit) / 2, (side - 52 * unit) / 2

    def box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
        return (
            left + (x - radius) * unit,
            top + (y - radius) * unit,
            left + (x + radius) * unit,
            top + (y + radius) * unit,
        )

    pen.ellipse(box(19, 20, 13), fill=WHITE)
    pen.rectangle((left + 6 * unit, top + 20 * unit, left + 32 * unit, top + 45 * unit), fill=WHITE)
    pen.ellipse(box(26, 30, 2.6), fill=OCHRE)
    # The two waves: arcs whose chords are 13 and 22 units high, with radii 11 and 18.
    for x, radius, half in ((27.63, 11, 36.2), (27.25, 18, 37.7)):
        pen.arc(box(x, 30, radius + 1.7), -half, half, fill=OCHRE, width=round(3.4 * unit))
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the SVG and the PNGs."""
    OUT.mkdir(exist_ok=True)
    (OUT / "icon.svg").write_text(SVG.format(green=GREEN, ochre=OCHRE, white=WHITE), encoding="utf-8")
    for size in (192, 512):
        draw(size, mark=0.74, corner=0.22).save(OUT / f"icon-{size}.png", optimize=True)
    # A launcher cuts a maskable icon to its own shape: everything must lie within the inner 80 %.
    draw(512, mark=0.58, corner=0).convert("RGB").save(OUT / "icon-maskable.png", optimize=True)
    draw(180, mark=0.7, corner=0).convert("RGB").save(OUT / "apple-touch.png", optimize=True)


if __name__ == "__main__":
    main()
