"""What people who work on Seatbeacon run; none of it ships."""
