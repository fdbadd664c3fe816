"""Where a way out leads, that its secret goes elsewhere, and how it stands."""

from datetime import datetime, timedelta

import pytest

from core.law.errors import Invalid
from core.law.ways_out import CHANNELS, SECRET_CHANNELS, check_apart, check_way, ends_at, standing, way_channels

NOW = datetime(2026, 11, 23, 9, 0)


def test_a_way_leads_to_the_approved_address_and_nowhere_else():
    led = {kind: way_channels(kind) for kind in ("email", "post", "hand_over", "representative", "pigeon")}
    assert led == {
        "email": ("email",), "post": ("post",), "hand_over": ("hand_over",),
        "representative": ("email", "post", "hand_over"), "pigeon": (),
    }
    for kind, channels in led.items():
        for channel in CHANNELS:
            if channel in channels:
                check_way(kind, channel)
            else:
                with pytest.raises(Invalid):
                    check_way(kind, channel)


@pytest.mark.parametrize("channel", list(CHANNELS))
@pytest.mark.parametrize("secret", [*CHANNELS, "", "pigeon"])
def test_a_secret_never_goes_the_way_of_what_it_opens(channel, secret):
    if secret in SECRET_CHANNELS and secret != channel:
        check_apart(channel, secret)
    else:
        with pytest.raises(Invalid):
            check_apart(channel, secret)


def test_a_way_out_never_outlives_its_package():
    assert ends_at(NOW, NOW + timedelta(days=30), 7) == NOW + timedelta(days=7)
    assert ends_at(NOW, NOW + timedelta(days=3), 7) == NOW + timedelta(days=3)
    for days in (0, -1):
        with pytest.raises(Invalid):
            ends_at(NOW, NOW + timedelta(days=3), days)


@pytest.mark.parametrize(("state", "reason", "left", "package", "told"), [
    ("waiting", None, 1, "released", "waiting"), ("waiting", None, 0, "released", "expired"),
    ("waiting", None, 1, "expired", "expired"), ("waiting", None, 1, "failed", "expired"),
    ("waiting", None, 1, "fetched", "replaced"), ("fetched", None, -9, "fetched", "fetched"),
    ("ended", "wrong_codes", 1, "released", "wrong_codes"), ("ended", "revoked", -1, "released", "revoked"),
])
def test_how_a_way_out_stands(state, reason, left, package, told):
    assert standing(state, reason, NOW + timedelta(minutes=left), package, NOW) == told
