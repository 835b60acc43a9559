"""Every address that the templates lead to. A route must answer each of them, and a test holds the templates to this list.

`{kind}` is posts or pages. Every form sends `csrf`; forms about one thing send `version`, the token of what was shown.
"""

_CUSTOMER = "/c/{customer}"
_SITE = _CUSTOMER + "/s/{site}"
_POST = _SITE + "/{kind}/{id}"
_PRODUCT = _CUSTOMER + "/products/{id}"

# Opened as links, or as forms that only ask.
PAGES = (
    "/sign-in",
    "/c/",
    _CUSTOMER,
    _SITE,
    _SITE + "/{kind}",
    _SITE + "/{kind}/new",
    _POST,
    _POST + "/publish",
    _POST + "/history",
    _POST + "/preview",  # leads on to the signed address on the site's own host
    _CUSTOMER + "/products",
    _CUSTOMER + "/products/new",
    _PRODUCT,
    _PRODUCT + "/publish",
    _PRODUCT + "/history",
    _CUSTOMER + "/team",
    _CUSTOMER + "/keys",
    _CUSTOMER + "/audit",
    _CUSTOMER + "/audit/{id}",
    _CUSTOMER + "/audit/{id}/undo",
    "/account",
    "/static/{name}",
)

# Sent by forms that change something. The form of a single-use link has no action: it posts to the address it stands on.
ACTS = (
    "/sign-in",
    "/sign-out",
    "/account",
    "/account/password",
    "/account/appearance",  # theme (auto, light, dark) and next, a local path to return to
    "/account/sessions/end",  # every session but this one
    "/account/sessions/{id}/end",
    _SITE + "/{kind}/new",
    _POST,
    _POST + "/publish",
    _POST + "/unpublish",
    _POST + "/trash",
    _POST + "/bring-back",
    _POST + "/restore",
    _POST + "/conflict",
    _CUSTOMER + "/products/new",
    _PRODUCT,
    _PRODUCT + "/publish",
    _PRODUCT + "/restore",
    _PRODUCT + "/conflict",
    _CUSTOMER + "/keys",
    _CUSTOMER + "/keys/{id}/revoke",
    _CUSTOMER + "/audit/{id}/undo",
)
