"""The directory side: requests under `/v1.0`, their query options and their paging."""
