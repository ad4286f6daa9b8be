"""A first look at a usage report: is it one, is it whole, does it say who. The rows themselves are not
parsed."""
