"""What our fonts draw, and the sentence for what they do not."""

import pytest

from core.documents.glyphs import FONTS, drawable, read_cmap, require_drawable, show, undrawable
from core.law.errors import Invalid
from tests.documents.samples import ARABIC


def test_scripts_that_people_write_their_names_in_are_drawn() -> None:
    names = "Zoë Łukasz Ștefan Ğ Ñ Ω Иван שלום محمد अमित বাংলা ગુજરાતી ਪੰਜਾਬੀ தமிழ் తెలుగు "
    names += "ಕನ್ನಡ മലയാളം සිංහල ไทย ລາວ ខ្មែរ မြန်မာ Հայ ქართ አማርኛ"
    assert undrawable(names + "李小龍 陳 鄧 김민수 뷁 さくら 渡邊 😀👨‍👩‍👧❤️🇩🇪 €→✓𝓐" + ARABIC) == frozenset()


@pytest.mark.parametrize(
    "point", [0x00, 0x07, 0x7F, 0x85, 0x202E, 0x2066, 0xD800, 0xDFFF, 0xE000, 0xFFFF, 0x10FFFF, 0x13000]
)
def test_a_character_without_a_glyph_is_named(point: int) -> None:
    assert undrawable(f"a{chr(point)}b") == {point}
    with pytest.raises(Invalid, match=f"U\\+{point:04X}") as refusal:
        require_drawable(f"secret{chr(point)}", "address")
    assert refusal.value.field == "address"
    assert "secret" not in str(refusal.value)
    assert show(f"a{chr(point)}b") == f"a[U+{point:04X}]b"


def test_line_breaks_and_joiners_need_no_glyph() -> None:
    assert undrawable("a\r\n\tb\u200d\u200f\ufe0f") == frozenset()


def test_an_accent_that_a_font_has_composed_counts_as_drawn() -> None:
    assert undrawable("e\u0301") == frozenset()


def test_a_page_in_a_browser_spells_only_what_is_unseen() -> None:
    assert show("\U00013000\u202e\x00\n", ours=False) == "\U00013000[U+202E][U+0000]\n"


def test_every_font_is_read_and_the_folder_stays_small() -> None:
    files = sorted(FONTS.glob("Noto*.[ot]tf"))
    assert len(files) == 25
    assert all(len(read_cmap(path)) > 20 for path in files)
    assert sum(path.stat().st_size for path in files) < 12_000_000
    assert (FONTS / "OFL.txt").read_text().count("SIL OPEN FONT LICENSE") >= 1
    assert 30_000 < len(drawable()) < 60_000
    assert 0xFFFF not in drawable()
