"""A rule of an organisation's own, as its file says it."""

from __future__ import annotations

OWN_RULE = """
id = "idle-visio"
version = 1
title = "Visio of Sales"
sentence = "Somebody in Sales holds Visio."
category = "remove"
order = 145
when = ["the user's department is one of Sales", "the product's family is one of visio"]
saving = "The price of the seat."
evidence = "Department of the directory."
limits = "None."
"""
