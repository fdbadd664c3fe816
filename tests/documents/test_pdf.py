"""Setting pages: our fonts only, words as data, and no word that runs out of its column."""

from core.documents.pdf import LONG_WORD, fonts, reads_from_right, words


def test_only_our_own_fonts_are_used() -> None:
    families = fonts().families()
    assert len(families) == 24
    assert all(name.startswith("Noto ") for name in families)


def test_the_first_letter_decides_the_direction() -> None:
    assert reads_from_right("12 שלום hello")
    assert reads_from_right("محمد")
    assert not reads_from_right("Jo שלום")
    assert not reads_from_right("12 !")


def test_a_long_word_may_break_and_loses_nothing() -> None:
    pieces = words("x" * 100 + " short")["pieces"]
    assert "".join(pieces) == "x" * 100 + " short"
    assert max(len(piece) for piece in pieces) <= LONG_WORD
    assert words("x" * LONG_WORD)["pieces"] == ["x" * LONG_WORD]


def test_a_sign_of_several_characters_is_never_torn() -> None:
    family = "👨‍👩‍👧"
    assert all(
        not piece.startswith("\u200d") and not piece.endswith("\u200d") for piece in words(family * 20, 6)["pieces"]
    )
    assert all(not piece.startswith("\u0301") for piece in words("e\u0301" * 40, 5)["pieces"])
