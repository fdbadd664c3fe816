"""The locked archive opens with its passphrase, by the published format and not only by the library that made it."""

import hashlib
import hmac
import io
import struct
import zipfile

import pytest
import pyzipper
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.documents.locked import ALPHABET, lock, new_passphrase

CONTENT = b"marker of the content " * 1000


def opened(archive, passphrase):
    """Open the one file as WinZip's AE-2 is published: PBKDF2-SHA1 of 1,000 rounds, AES-256 with a little-endian counter."""
    with zipfile.ZipFile(io.BytesIO(archive)) as listed:
        (entry,) = listed.infolist()
    raw = archive[entry.header_offset:]
    name, extra = struct.unpack("<HH", raw[26:30])
    body = raw[30 + name + extra:][:entry.compress_size]
    salt, check, sealed, seal = body[:16], body[16:18], body[18:-10], body[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, 1000, 66)
    if keys[64:] != check:
        return None
    assert hmac.new(keys[32:64], sealed, "sha1").digest()[:10] == seal
    plain = b""
    cipher = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()
    for number in range(0, len(sealed), 16):
        block = cipher.update((number // 16 + 1).to_bytes(16, "little"))
        plain += bytes(a ^ b for a, b in zip(sealed[number:number + 16], block, strict=False))
    return plain


def test_it_opens_with_its_passphrase_and_with_no_other():
    passphrase = new_passphrase()
    archive = lock("answer.zip", CONTENT, passphrase)
    assert b"marker" not in archive
    assert opened(archive, passphrase) == CONTENT
    with pyzipper.AESZipFile(io.BytesIO(archive)) as found:
        assert found.namelist() == ["answer.zip"]
        assert found.read("answer.zip", pwd=passphrase.encode()) == CONTENT
        for other in (new_passphrase(), passphrase.lower(), ""):
            with pytest.raises(RuntimeError):
                found.read("answer.zip", pwd=other.encode() or None)


def test_passphrases_are_long_and_read_out_without_mistakes():
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    letters = {letter for each in made for letter in each.replace("-", "")}
    assert letters <= set(ALPHABET)
    assert not letters & set("01ILOU")
    assert all(len(each.replace("-", "")) == 24 for each in made)
