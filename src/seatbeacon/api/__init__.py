"""The REST API below /api/v1: routes, schemas and errors, as thin as the pages."""
