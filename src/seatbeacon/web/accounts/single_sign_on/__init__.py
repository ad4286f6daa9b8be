"""Single sign-on: an OpenID Connect issuer says who somebody is; which account is theirs is ours to say."""
