"""The bytes of a closed store as they lie in its file, each block opened with the file's key: free blocks included.

The file is read as DuckDB 1.5 writes it encrypted: a main header in the clear that holds the salt, two headers of 4 KiB,
then blocks of 256 KiB, each with its nonce, its tag and its cipher text (AES-256-GCM under SHA-256 of salt and key). A
block that does not open would be a block that is not searched, so it is a fault and never left out.
"""

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.store.filekey import Secrets, master_key

HEADER, BLOCK = 4096, 262_144
SALT = slice(124, 140)
NONCE, TAG, CONTENT = slice(0, 12), slice(12, 28), slice(32, None)


def opened(path: Path, key: bytes) -> bytes:
    """Return every header and block of the file, opened."""
    raw = path.read_bytes()
    # The engine reads the key's hexadecimal digits as base64.
    cipher = AESGCM(hashlib.sha256(raw[SALT] + base64.b64decode(key.hex())).digest())
    parts = [raw[HEADER:2 * HEADER], raw[2 * HEADER:3 * HEADER]]
    parts += [raw[start:start + BLOCK] for start in range(3 * HEADER, len(raw), BLOCK)]
    plain = [cipher.decrypt(part[NONCE], part[CONTENT] + part[TAG], None) for part in parts if any(part)]
    return raw[:HEADER] + b"".join(plain)


def key_of(path: Path, master_of: Path | None = None) -> bytes:
    """Return the key of a store's or a backup's file, from the key file beside it."""
    secrets = Secrets(path, master_key(master_of or path))
    secrets.load()
    return secrets.current


def forms(mark: str) -> list[bytes]:
    """Return a marker as it could stand in a file: plain, wide, as hex, backwards, in base64 at each of three offsets."""
    plain = mark.encode()
    coded = [base64.b64encode(b"x" * pad + plain)[4 if pad else 0:-4] for pad in range(3)]
    return [plain, mark.encode("utf-16-le"), plain.hex().encode(), plain[::-1], *coded]


def holds(content: bytes, *marks: str) -> list[str]:
    """Return which of the markers stand in the bytes, in any of their forms."""
    return [mark for mark in marks if any(form in content for form in forms(mark))]
