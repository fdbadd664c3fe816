"""Mails broken at random: bytes changed, lines moved, doubled, cut, joined with those of other mails."""

TORN = [
    b"\0", b"\xff", b"\r", b"\n\n", b"=?utf-8?q?", b"?=", b'"', b"(", b"<", b">", b"--", b";", b"%", b"\\", b"*0*=", b"=", b"\xc3",
    b"Content-Type: multipart/alternative; boundary=\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"charset=utf-7",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: uuencode\r\n", b"<!DOCTYPE [", b"<script>", b"&#x110000;",
    b"filename*=utf-16''%00", b"Date: Mon, 0 Foo 0000\r\n", b"99999999999999999999",
]


def mutants(seeds, chance, count):
    """Yield so many mails, each a seed with one to twelve changes; the same chance gives the same mails."""
    for _ in range(count):
        content = chance.choice(seeds)
        for _ in range(chance.randint(1, 12)):
            content = _changed(content, seeds, chance)
        yield content or b"\0"


def _changed(content, seeds, chance):
    at, length = chance.randrange(len(content) + 1), chance.choice([1, 1, 2, 8, 64, 300])
    lines = content.split(b"\n")
    line, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(8):
        case 0:
            return content[:at] + bytes(chance.randrange(256) for _ in range(min(length, 8))) + content[at:]
        case 1:
            return content[:at] + content[at + length :]
        case 2:
            return content[:at] + chance.choice(TORN) + content[at:]
        case 3:
            lines[line], lines[other] = lines[other], lines[line]
            return b"\n".join(lines)
        case 4:
            return b"\n".join([*lines[:line], *[lines[line]] * chance.choice([2, 3, 50]), *lines[line + 1 :]])
        case 5:
            return content[:at] if at > 40 else content
        case 6:
            return content[:at] + chance.choice(seeds)[chance.randrange(100) :]
        case _:
            return content[:at] + content[max(0, at - length) : at] * chance.choice([2, 40]) + content[at:]
