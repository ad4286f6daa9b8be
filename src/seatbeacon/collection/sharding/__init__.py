"""Cutting a long listing of users into disjoint parts that are read side by side. Pure: no request is made
here."""
