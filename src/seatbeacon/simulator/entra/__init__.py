"""The sign-in side: tokens, the pages a browser sees, and the errors of the token endpoint."""
