"""Prices: typed in, or taken from a sheet; what the rules reckon savings with."""
