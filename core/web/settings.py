"""What the operator sets from outside: where the store lies, under which address the desk is reached."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Settings(BaseSettings):
    """The settings of the web side, from the environment; nothing secret is among them."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    store: Path = Field(default=Path("data/desk.duckdb"), validation_alias="RIGHTSDESK_STORE")
    public_url: str = Field(default="", validation_alias="PUBLIC_URL")
    allowed_hosts: str = Field(default="", validation_alias="RIGHTSDESK_ALLOWED_HOSTS")
    port: int = Field(default=8501, validation_alias="PORT")

    @field_validator("public_url")
    @classmethod
    def _whole(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("PUBLIC_URL is the address of the desk, such as https://desk.example.org")
        return value.rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach the desk over TLS, so that cookies may be bound to it."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names, without port, under which the desk answers."""
        named = {name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()}
        own = urlsplit(self.public_url).hostname if self.public_url else None
        return frozenset(LOOPBACK) | named | ({own.lower()} if own else set())
