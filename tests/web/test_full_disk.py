"""The doors on a full disk: each answers, and says in a sentence what is the matter."""

from tests.disk import filled, small_disk
from tests.serving import demo_store, serving
from tests.web.visitor import Visitor


def test_every_door_answers_on_a_full_disk_and_works_once_there_is_room(tmp_path):
    with small_disk(tmp_path / "small", 64 << 20) as folder, serving(demo_store(folder / "desk.duckdb")) as address:
        visitor, stranger = Visitor(address), Visitor(address)
        assert visitor.sign_in("steward").status == 303
        with filled(folder, 1 << 20):
            assert visitor.get("/").status == 200
            assert stranger.get("/auth/sign-in").status == 200
            got = stranger.sign_in("analyst")
            assert (got.status, "no space left" in got.text) == (401, True)
            link = stranger.send("/package/" + "x" * 43, {"code": "12345678"})
            assert (link.status, "your link was not used" in link.text) == (503, True)
            out = visitor.send("/auth/sign-out", {})
            assert (out.status, "no space left" in out.text, visitor.cookies.get("desk_session")) == (503, True, None)
        assert stranger.sign_in("analyst").status == 303
        assert visitor.sign_in("steward").status == 303
        assert "your link was not used" not in stranger.send("/package/" + "x" * 43, {"code": "12345678"}).text
