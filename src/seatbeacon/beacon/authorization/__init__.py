"""Generate…: a person signs in at Microsoft, and a connection gets the refresh token that comes back."""
