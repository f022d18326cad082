"""Steps read aloud by a person: taken in by decoding, spoken anew as mono Opus and AAC, kept under their hashes.

Opus (about 16 kbit/s) is what phones keep; AAC is for iPhones older than iOS 18.4, which cannot play it. Judged by
decoding, never by name. Not for: which step says what (recordings.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from django.utils.translation import gettext as _

from onboarding.guides import materials
from onboarding.guides.models import Material
from onboarding.refusal import Refused

MAX_BYTES = 10_000_000
SHORTEST, LONGEST = 0.5, 45.0  # seconds
RATE = 48_000  # samples a second while they are counted
# Named by us and not guessed by the decoder: some of the kinds that it knows are lists of other files to open.
KINDS = (
    (0, b"OggS", "ogg"), (0, b"\x1a\x45\xdf\xa3", "matroska"), (4, b"ftyp", "mov"), (0, b"RIFF", "wav"),
    (0, b"fLaC", "flac"), (0, b"ID3", "mp3"), (0, b"\xff\xfb", "mp3"), (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf1", "aac"), (0, b"\xff\xf9", "aac"),
)  # fmt: skip
EXACT = {"fflags": "+bitexact"}  # no serial numbers by chance, no name of the encoder


@dataclass(frozen=True)
class Way:
    """How one of the two files is made: container, codec, samples and bits a second, the encoder's options."""

    container: str
    kind: str
    codec: str
    rate: int
    bits: int
    options: dict[str, str]


WAYS = {
    "opus": Way("ogg", "ogg", "libopus", 48_000, 16_000, {"application": "voip", "frame_duration": "60"}),
    "m4a": Way("ipod", "mov", "aac", 24_000, 32_000, {}),
}


@dataclass(frozen=True)
class Sound:
    """A kept recording: the hash of each of its files and how long it is."""

    opus: str
    m4a: str
    seconds: float


def take(content: bytes) -> Sound:
    """Keep a recording. Raises Refused("bad_sound")."""
    if len(content) > MAX_BYTES:
        raise Refused("bad_sound", heavy())
    frames = _checked(content)
    files = {form: materials.keep(Material.Kind.SOUND, form, _spoken(frames, way)) for form, way in WAYS.items()}
    return Sound(**files, seconds=_seconds(frames))


def heavy() -> str:
    """Return what is said of a file of more than MAX_BYTES."""
    return _("Tệp nặng quá 10 MB. Ghi lại, mỗi bước không quá 45 giây.")


def take_made(files: dict[str, bytes]) -> Sound:
    """Keep a recording in the two forms that we make (it comes from a guide's zip). Raises Refused("bad_sound").

    It is decoded whole like any other, but its packets are only put into a new file: spoken anew it would lose a
    little each time it travels, and would not be the same file.
    """
    heard = {form: _checked(files[form], WAYS[form]) for form in WAYS}
    kept = {form: materials.keep(Material.Kind.SOUND, form, _wrapped(files[form], WAYS[form])) for form in WAYS}
    return Sound(**kept, seconds=_seconds(heard["opus"]))


# --- Judging ----------------------------------------------------------------------------------------------------------


def _checked(content: bytes, way: Way | None = None) -> list[AudioFrame]:
    """Return what is heard, as mono. Raises Refused with what to do."""
    kind = next((kind for at, head, kind in KINDS if content[at:].startswith(head)), "")
    if not kind or (way and kind != way.kind):
        raise Refused("bad_sound", _("Tệp này không phải bản ghi âm. Chọn tệp tiếng, hoặc ghi âm ngay tại đây."))
    try:
        frames = list(_heard(content, kind, way))
    except Refused:
        raise
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise Refused("bad_sound", _("Bản ghi hỏng hoặc không có tiếng. Ghi lại.")) from error
    if _seconds(frames) < SHORTEST:
        raise Refused("bad_sound", _("Bản ghi ngắn quá, chưa nghe được gì. Ghi lại."))
    return frames


def _heard(content: bytes, kind: str, way: Way | None) -> Iterator[AudioFrame]:
    """Decode, counting what comes out: a small file may hold hours of silence."""
    turner, samples = av.AudioResampler("s16", "mono", RATE), 0
    with av.open(BytesIO(content), "r", format=kind, metadata_errors="ignore") as file:
        stream = file.streams.audio[0]
        if way and (stream.channels, stream.codec_context.codec.canonical_name) != (1, way.codec.removeprefix("lib")):
            raise Refused("bad_sound", _("Bản ghi trong tệp không đúng dạng. Xuất lại bài rồi thử lại."))
        for frame in _and_end(file.decode(stream)):
            for part in turner.resample(frame):
                samples += part.samples
                if samples > LONGEST * RATE:
                    raise Refused("bad_sound", _("Bản ghi dài quá 45 giây. Ghi ngắn lại."))
                yield part


def _and_end(frames: Iterator[AudioFrame]) -> Iterator[AudioFrame | None]:
    yield from frames
    yield None  # what the resampler still holds


def _seconds(frames: list[AudioFrame]) -> float:
    return round(sum(frame.samples for frame in frames) / RATE, 1)


# --- Making -----------------------------------------------------------------------------------------------------------


def _spoken(frames: list[AudioFrame], way: Way) -> bytes:
    out = BytesIO()
    with av.open(out, "w", format=way.container, options=EXACT) as file:
        stream = cast(AudioStream, file.add_stream(way.codec, rate=way.rate, options=way.options))
        stream.layout, stream.bit_rate = "mono", way.bits
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        turner = av.AudioResampler(stream.format, "mono", way.rate)
        for frame in _and_end(iter(frames)):
            if frame:
                frame.pts = None
            for part in turner.resample(frame):
                file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return out.getvalue()


def _wrapped(content: bytes, way: Way) -> bytes:
    """Return the same sound in a new file: no tags, no pictures, nothing behind it."""
    out = BytesIO()
    with (
        av.open(BytesIO(content), "r", format=way.kind, metadata_errors="ignore") as source,
        av.open(out, "w", format=way.container, options=EXACT) as file,
    ):
        stream = file.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                file.mux(packet)
    return out.getvalue()
