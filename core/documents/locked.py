"""A file in an archive that only a passphrase opens: AES-256 in the ZIP format that common programs read."""

import io
import secrets

import pyzipper

# No letter or digit that is mistaken for another when read out: no I, L, O, U, 0, 1.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LENGTH = 6, 4


def new_passphrase() -> str:
    """Return a fresh passphrase of six groups of four, about 117 bits: the format's own stretching is weak.

    >>> len(new_passphrase())
    29
    """
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def lock(name: str, content: bytes, passphrase: str) -> bytes:
    """Return an archive that holds one file, encrypted as WinZip's AE-2 with 256 bits (7-Zip, Windows, macOS open it).

    The name of the file can be read without the passphrase, so it must name nobody.
    """
    stream = io.BytesIO()
    with pyzipper.AESZipFile(
        stream, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(passphrase.encode("ascii"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.writestr(name, content)
    return stream.getvalue()
