"""The pages. Thin: they ask the beacon to act and the inventory to answer, and hold no rule of either."""
