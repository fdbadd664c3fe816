"""Make the font files beside this script from Debian's Noto packages and Google's Noto Emoji (run by hand, rarely).

Needs fonttools, Debian's fonts-noto-core and fonts-noto-cjk, and the npm package @expo-google-fonts/noto-emoji:
    python data/fonts/make.py /usr/share/fonts NotoEmoji_400Regular.ttf
Hinting is dropped: it serves low-resolution screens, not paper.
The CJK face keeps JIS X 0208, GB 2312, the first level of Big5, KS X 1001 and every Hangul syllable;
what is beyond is refused by name before a PDF is made.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
WHOLE = [
    "NotoSans-Regular",
    "NotoSans-Bold",
    "NotoSansArabic-Regular",
    "NotoSansArmenian-Regular",
    "NotoSansBengali-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansEthiopic-Regular",
    "NotoSansGeorgian-Regular",
    "NotoSansGujarati-Regular",
    "NotoSansGurmukhi-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansKannada-Regular",
    "NotoSansKhmer-Regular",
    "NotoSansLao-Regular",
    "NotoSansMalayalam-Regular",
    "NotoSansMath-Regular",
    "NotoSansMyanmar-Regular",
    "NotoSansSinhala-Regular",
    "NotoSansSymbols-Regular",
    "NotoSansSymbols2-Regular",
    "NotoSansTamil-Regular",
    "NotoSansTelugu-Regular",
    "NotoSansThai-Regular",
]
LOW, HIGH = range(0xA1, 0xFF), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]


def double_byte(codec: str, lead: range, trail: range | list[int]) -> set[int]:
    """Return the code points that a two-byte character set can write."""
    found = set()
    for first in lead:
        for second in trail:
            text = bytes([first, second]).decode(codec, "ignore")
            found |= {ord(text)} if len(text) == 1 else set()
    return found


def cjk() -> set[int]:
    """Return the East Asian code points we ship."""
    wanted = double_byte("euc_jp", LOW, LOW) | double_byte("gb2312", LOW, LOW) | double_byte("euc_kr", LOW, LOW)
    wanted |= double_byte("big5", range(0xA4, 0xC7), HIGH)
    blocks = (
        (0xAC00, 0xD7A4),
        (0x3000, 0x3100),
        (0x31F0, 0x3200),
        (0xFF00, 0xFFF0),
        (0x3130, 0x3190),
        (0x1100, 0x1200),
    )
    for first, last in blocks:
        wanted |= set(range(first, last))
    return {point for point in wanted if point >= 0x1100}


def trim(font: TTFont, name: str, points: set[int], features: list[str]) -> None:
    """Write the font with these code points alone, unhinted."""
    options = subset.Options(hinting=False, layout_features=features, name_IDs=["*"], notdef_outline=True)
    options.drop_tables += ["vhea", "vmtx", "VORG"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font.save(HERE / name)


if __name__ == "__main__":
    system, emoji = Path(sys.argv[1]), Path(sys.argv[2])
    for stem in WHOLE:
        face = TTFont(system / "truetype" / "noto" / f"{stem}.ttf")
        trim(face, f"{stem}.ttf", set(face.getBestCmap()), ["*"])
    face = TTFont(emoji)
    trim(face, "NotoEmoji-Regular.ttf", set(face.getBestCmap()), ["*"])
    simplified = TTCollection(system / "opentype" / "noto" / "NotoSansCJK-Regular.ttc").fonts[2]
    trim(simplified, "NotoSansCJKsc-Regular.otf", cjk(), ["ccmp", "locl", "kern", "mark", "mkmk"])
