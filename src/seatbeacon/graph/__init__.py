"""Speaking to Microsoft Entra ID and Microsoft Graph over HTTP: sign-in, paging, throttling, errors with a
remedy.

Nothing is imported here, so that a command that only needs an error or a cloud does not load an HTTP client.
"""
