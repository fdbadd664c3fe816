"""The made-up stories of a demo store, each played by the acts of the desk."""
