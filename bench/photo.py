"""A photo of a paper, as large as a phone's camera makes it after resizing. It shows noise, nobody's paper."""

from io import BytesIO

from PIL import Image

SIZE = (1600, 1200)
BYTES = 250_000


def photo(size: int = BYTES) -> bytes:
    """Return JPEG bytes, about `size` of them (within a tenth)."""
    grain = Image.effect_noise((SIZE[0] // 4, SIZE[1] // 4), 70).resize(SIZE, Image.Resampling.BICUBIC)
    drawn = (_jpeg(grain, quality) for quality in range(20, 96, 3))
    return min(drawn, key=lambda content: abs(len(content) - size))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = BytesIO()
    image.convert("RGB").save(target, "JPEG", quality=quality)
    return target.getvalue()
