"""What a tenant comes to: users, seats, their use, what they were and when they renew."""
