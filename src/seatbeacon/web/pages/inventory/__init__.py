"""The inventory's lists: one page for every listing, driven by the listing's declaration."""
