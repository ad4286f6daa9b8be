"""Routes of accounts: allauth's views that we use, under the names that allauth knows, each with its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.conf import settings
from django.urls import path

from seatbeacon.web.access import public, requires
from seatbeacon.web.accounts import views_people, views_profile, views_tokens, views_welcome
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.single_sign_on import views as single_sign_on

if TYPE_CHECKING:
    from django.urls import URLPattern

own = requires(Role.VIEWER)

SIGN_IN = [
    path("account/login/", public(account.login), name="account_login"),
    path("account/logout/", public(account.logout), name="account_logout"),
    path("account/inactive/", public(account.account_inactive), name="account_inactive"),
    # Closed: it says that accounts come by invitation. allauth's pages refer to it.
    path("account/signup/", public(account.signup), name="account_signup"),
    path("account/second-factor/", public(mfa.authenticate), name="mfa_authenticate"),
    path("account/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("welcome/<str:token>/", views_welcome.welcome, name="welcome"),
    path("theme/", views_profile.set_theme, name="set-theme"),
]

OWN = [
    path("profile/", views_profile.profile, name="profile"),
    path("profile/confirm/", own(account.reauthenticate), name="account_reauthenticate"),
    path("profile/confirm/code/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "profile/confirm/passkey/", own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("profile/password/", own(account.password_change), name="account_change_password"),
    path("profile/password/set/", own(account.password_set), name="account_set_password"),
    path("profile/sign-in/", own(mfa.index), name="mfa_index"),
    path("profile/authenticator/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("profile/authenticator/remove/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("profile/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("profile/codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("profile/codes/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("profile/passkeys/", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("profile/passkeys/add/", own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("profile/passkeys/<int:pk>/remove/", own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("profile/passkeys/<int:pk>/edit/", own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
]

TOKENS = [
    path("profile/tokens/", views_tokens.own_tokens, name="own-tokens"),
    path("profile/tokens/new/", views_tokens.new_token, name="new-token"),
    path("profile/tokens/<int:token_id>/revoke/", views_tokens.revoke_own, name="revoke-own-token"),
    path("administration/tokens/", views_tokens.every_token, name="api-tokens"),
    path("administration/tokens/<int:token_id>/revoke/", views_tokens.revoke_any, name="revoke-token"),
]

PEOPLE = [
    path("administration/people/", views_people.people, name="people"),
    path("administration/people/invite/", views_people.invite, name="invite"),
    path("administration/people/<int:user_id>/", views_people.person, name="person"),
    path("administration/people/<int:user_id>/role/", views_people.change_role, name="person-role"),
    path("administration/people/<int:user_id>/active/", views_people.set_active, name="person-active"),
    path("administration/people/<int:user_id>/reset/", views_people.reset, name="person-reset"),
]

SINGLE_SIGN_ON = [
    # Under the names that allauth knows.
    path("account/<str:provider_id>/login/", single_sign_on.begin, name="openid_connect_login"),
    path("account/<str:provider_id>/callback/", single_sign_on.callback, name="openid_connect_callback"),
    path("profile/single-sign-on/", own(social.connections), name="socialaccount_connections"),
]

urlpatterns: list[URLPattern] = [
    *SIGN_IN,
    *OWN,
    *TOKENS,
    *PEOPLE,
    *(SINGLE_SIGN_ON if settings.SINGLE_SIGN_ON else []),
]
