"""Photographs and sounds made for tests, good ones and hostile ones; small on disk, whatever they claim to be."""

import io
import math
import struct
import wave
import zlib
from array import array

import av
from PIL import Image, ImageDraw

SECRET = (200, 30, 90)  # a colour that nothing of ours has


def screenshot(width: int = 600, height: int = 800, form: str = "PNG", **options: object) -> bytes:
    """Return a made-up screen with a patch of SECRET at (100, 100) to (299, 199)."""
    image = Image.new("RGB", (width, height), (238, 242, 247))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width, 60), (143, 42, 23))
    pen.rectangle((100, 100, 299, 199), SECRET)
    pen.rectangle((100, 400, 500, 480), (11, 82, 72))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def bomb() -> bytes:
    """Return a PNG of a few bytes that says it is 30,000 x 30,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def animated() -> bytes:
    """Return a WebP of two pictures."""
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def video(*, sound: bool = False) -> bytes:
    """Return a real MP4 of half a second."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _frame in range(5):
            for packet in stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 64), "green"))):
                file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)
    return out.getvalue()


def voice(seconds: float = 2.0, *, rate: int = 16_000, channels: int = 1, level: int = 9_000) -> bytes:
    """Return a WAV file with a tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(level * math.sin(i * 0.1)) for i in range(int(seconds * rate)))
        file.writeframes(array("h", [s for s in samples for _channel in range(channels)]).tobytes())
    return out.getvalue()


def spoken(form: str, codec: str, seconds: float = 2.0, **tags: str) -> bytes:
    """Return that tone as a browser would record it: webm with Opus, mp4 with AAC, with what is written in its tags."""
    out = io.BytesIO()
    with av.open(io.BytesIO(voice(seconds))) as source, av.open(out, "w", format=form) as file:
        stream = file.add_stream(codec, rate=48_000)
        stream.layout = "mono"
        file.metadata.update(tags)
        turner = av.AudioResampler(stream.format, "mono", 48_000)
        for frame in [*source.decode(audio=0), None]:
            for part in turner.resample(frame):
                for packet in stream.encode(part):
                    file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)
    return out.getvalue()
