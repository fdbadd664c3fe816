"""What leaves the desk: the bytes that a person at it downloads, and the ways by which a letter or an answer is sent."""

from dataclasses import dataclass

CHANNELS = {"email": "E-mail", "post": "Letter", "hand_over": "Handed over"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes for a person at the desk to download; the file's name is made by the desk, never from a person's data."""

    file_name: str
    media_type: str
    content: bytes
