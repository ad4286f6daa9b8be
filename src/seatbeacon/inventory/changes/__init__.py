"""What changed between two imports: users, what was bought, and who gained or lost which product."""
