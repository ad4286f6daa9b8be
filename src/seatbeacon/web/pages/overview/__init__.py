"""The page that people come to first."""
