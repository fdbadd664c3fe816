"""The settings from the environment."""

import pytest
from pydantic import ValidationError

from core.web.settings import Settings


def test_without_settings_the_desk_answers_on_loopback_only(monkeypatch):
    for name in ("RIGHTSDESK_STORE", "PUBLIC_URL", "RIGHTSDESK_ALLOWED_HOSTS", "PORT"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings()
    assert settings.hosts == {"127.0.0.1", "localhost", "[::1]"}
    assert (str(settings.store), settings.port, settings.secure) == ("data/desk.duckdb", 8501, False)


def test_a_public_address_adds_its_host_and_makes_cookies_secure(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://Desk.example.org/")
    monkeypatch.setenv("RIGHTSDESK_ALLOWED_HOSTS", "desk.intern, ")
    settings = Settings()
    assert {"desk.example.org", "desk.intern"} < settings.hosts
    assert settings.secure
    assert "" not in settings.hosts


@pytest.mark.parametrize("wrong", ["desk.example.org", "ftp://desk.example.org", "https://"])
def test_a_half_address_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("PUBLIC_URL", wrong)
    with pytest.raises(ValidationError):
        Settings()
