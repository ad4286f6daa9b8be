"""What is put together of a version beforehand, so that pages need not at each question. Without it they say
the same, and take longer."""
