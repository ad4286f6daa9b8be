"""Everything that is known of one thing: a user, a product, an application."""
