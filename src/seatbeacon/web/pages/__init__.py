"""The pages, a folder each: views and routes. Their templates stand in `templates/`, under the same name."""
