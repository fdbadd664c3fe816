"""What the operator sets from outside: where the store lies, where the desk listens and under which address it is reached."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.law.errors import Invalid

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
Networks = tuple[IPv4Network | IPv6Network, ...]


class Settings(BaseSettings):
    """The settings of the web side, from the environment; nothing secret is among them."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    store: Path = Field(default=Path("data/desk.duckdb"), validation_alias="RIGHTSDESK_STORE")
    public_url: str = Field(default="", validation_alias="PUBLIC_URL")
    allowed_hosts: str = Field(default="", validation_alias="RIGHTSDESK_ALLOWED_HOSTS")
    host: str = Field(default="127.0.0.1", validation_alias="RIGHTSDESK_HOST")
    port: int = Field(default=8501, ge=0, le=65535, validation_alias="PORT")
    proxies: Annotated[Networks, NoDecode] = Field(default=(), validation_alias="RIGHTSDESK_PROXY")
    tls_certificate: Path | None = Field(default=None, validation_alias="RIGHTSDESK_TLS_CERTIFICATE")
    tls_key: Path | None = Field(default=None, validation_alias="RIGHTSDESK_TLS_KEY")

    @field_validator("public_url")
    @classmethod
    def _whole(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("PUBLIC_URL is the address of the desk, such as https://desk.example.org")
        return value.rstrip("/")

    @field_validator("host")
    @classmethod
    def _listens(cls, value: str) -> str:
        try:
            return str(ip_address("127.0.0.1" if value.strip().lower() == "localhost" else value.strip().strip("[]")))
        except ValueError:
            raise ValueError("RIGHTSDESK_HOST is the address on which the desk listens, such as 127.0.0.1") from None

    @field_validator("proxies", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            named = tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
        except ValueError:
            named = (ip_network("0.0.0.0/0"),)
        if any(each.prefixlen == 0 for each in named):
            raise ValueError(
                "RIGHTSDESK_PROXY is the address of the proxy before the desk, such as 127.0.0.1 or 10.0.0.0/28; several "
                "with commas, never everybody"
            )
        return named

    @field_validator("tls_certificate", "tls_key")
    @classmethod
    def _there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("RIGHTSDESK_TLS_CERTIFICATE and RIGHTSDESK_TLS_KEY name two files in PEM that are there")
        return value

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

    def open_line(self) -> str:
        """Say why the desk may not listen where it is told to; nothing where nobody can read along."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            return "Name both files: RIGHTSDESK_TLS_CERTIFICATE and RIGHTSDESK_TLS_KEY."
        if ip_address(self.host).is_loopback or self.tls_certificate or self.proxies:
            return ""
        return (
            f"The desk would answer on {self.host} over an open line. Let it listen on 127.0.0.1 behind a TLS proxy on this "
            "machine, name the proxy elsewhere in RIGHTSDESK_PROXY, or give it a certificate with RIGHTSDESK_TLS_CERTIFICATE "
            "and RIGHTSDESK_TLS_KEY."
        )


def read_settings() -> Settings:
    """Return the settings of the environment. Raises Invalid with the sentence for the first that is amiss."""
    try:
        return Settings()
    except ValidationError as fault:
        first = fault.errors()[0]
        told = str(first["msg"]).removeprefix("Value error, ")
        raise Invalid(told if first["type"] == "value_error" else f"{first['loc'][0]}: {told}.", str(first["loc"][0])) from None
