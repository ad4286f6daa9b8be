"""Template tags: built in, so that no template need load them."""
