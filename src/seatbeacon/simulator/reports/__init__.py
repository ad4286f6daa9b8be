"""The usage reports: their columns, their rendering and their download from another host."""
