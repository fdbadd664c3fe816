"""The deadline board and its charts."""
