"""The store: one encrypted DuckDB file, its keys, its lock and its SQL."""
