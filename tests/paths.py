"""Where the tests find their data."""

from pathlib import Path

PEOPLE = Path(__file__).parent / "people"
