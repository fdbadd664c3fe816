"""The rights desk without its screens: the law, the store, the acts."""
