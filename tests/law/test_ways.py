"""Rights: one whole row each."""

from core.law.ways import RIGHTS, Kind


def test_every_kind_has_its_row_with_every_cell_filled():
    assert list(RIGHTS) == list(Kind)
    for kind, right in RIGHTS.items():
        assert right.kind is kind
        assert right.article
        assert right.name[0].isupper()
        assert right.sentence.endswith(".")
        assert right.verb in ("", "export", "rectify", "restrict", "erase", "suppress")


def test_objection_and_withdrawal_need_no_proof_and_what_gives_data_away_does():
    assert not any(
        RIGHTS[kind].needs_identity for kind in (Kind.OBJECTION_MARKETING, Kind.OBJECTION, Kind.CONSENT_WITHDRAWAL)
    )
    assert all(
        RIGHTS[kind].needs_identity for kind in (Kind.ACCESS, Kind.PORTABILITY, Kind.RECTIFICATION, Kind.ERASURE)
    )
