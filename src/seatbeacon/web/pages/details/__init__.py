"""The pages of one thing: a user, a product, an application."""
