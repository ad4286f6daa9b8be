"""How each kind of dataset is read: one module per kind."""
