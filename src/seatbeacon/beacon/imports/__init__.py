"""Imports: from a connection or a package to a published version of a tenant's inventory."""
