"""Turns databases into a provider and a client system that know each other.

Each function takes an OdooShell of the database it changes; demo and end-to-end tests share them.
"""

from typing import Any

from .odoo_shell import OdooShell

SCOPE = "openid profile email"
CALLBACK = "/auth_oauth/signin"  # where stock auth_oauth takes the answer


def prepare_system(shell: OdooShell, url: str, company: str, admin_password: str = "admin") -> None:
    """Give a system its address, its company name and its administrator's password."""
    shell.run(
        """
parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", url)
parameters.set_param("web.base.url.freeze", "True")  # else each administrator's login rewrites it
env.company.name = company
env.ref("base.user_admin").password = admin_password
""",
        url=url,
        company=company,
        admin_password=admin_password,
    )


def draw_logo(shell: OdooShell, text: str, color: str) -> None:
    """Give a system a logo of its own, so that people see whose login page they are on."""
    shell.run(
        """
import base64, io
from PIL import Image, ImageDraw, ImageFont
from odoo.tools import file_path
font = ImageFont.truetype(file_path("web/static/fonts/google/Roboto/Roboto-Bold.ttf"), 72)
width = int(font.getlength(text)) + 96
image = Image.new("RGBA", (width, 136), (0, 0, 0, 0))
draw = ImageDraw.Draw(image)
draw.rounded_rectangle((0, 0, width - 1, 135), radius=24, fill=color)
draw.text((48, 24), text, font=font, fill="white")
png = io.BytesIO()
image.save(png, "PNG")
env.company.logo = base64.b64encode(png.getvalue())
""",
        text=text,
        color=color,
    )


def confirm_issuer(shell: OdooShell, issuer: str) -> None:
    """Set the provider's issuer, as its administrator does on the settings page."""
    shell.run(
        """
parameters = env["ir.config_parameter"]
parameters.set_param("oauth2_provider.issuer", issuer)
parameters.set_param("oauth2_provider.issuer_confirmed", "1")
""",
        issuer=issuer,
    )


def create_user(shell: OdooShell, name: str, login: str, password: str, group: str) -> int:
    """Create a person; `group` is `base.group_user` (internal) or `base.group_portal`. Returns the id."""
    return shell.run(
        """
result = env["res.users"].with_context(no_reset_password=True).create({
    "name": name, "login": login, "email": login, "password": password,
    "group_ids": [(6, 0, [env.ref(group).id])],
}).id
""",
        name=name,
        login=login,
        password=password,
        group=group,
    )


def create_odoo_application(
    shell: OdooShell, name: str, client_url: str, **values: Any
) -> dict[str, Any]:
    """Register a stock Odoo at the provider, over plain http; returns `id` and `client_identifier`."""
    return shell.run(
        """
client = env["oauth2.provider.client"].create({
    "name": name,
    "security_profile": "odoo_login",
    "local_development": True,
    "redirect_uri_ids": [(0, 0, {"uri": redirect_uri})],
    **values,
})
result = {"id": client.id, "client_identifier": client.client_identifier}
""",
        name=name,
        redirect_uri=client_url + CALLBACK,
        values=values,
    )


def connect_client(
    shell: OdooShell,
    issuer: str,
    client_identifier: str,
    label: str,
    *,
    name: str = "Acme",
    sign_up: bool = True,
) -> int:
    """Enter the provider in a stock Odoo's OAuth Providers; returns the id of that record.

    `label` is the text of the button. `sign_up`: whether people it has not seen yet get an account there.
    """
    return shell.run(
        """
env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c" if sign_up else "b2b")
providers = env["auth.oauth.provider"]
providers.search([]).enabled = False
result = providers.create({
    "name": name,
    "client_id": client_identifier,
    "auth_endpoint": issuer + "/oauth2/authorize",
    "validation_endpoint": issuer + "/oauth2/userinfo/" + client_identifier,
    "scope": scope,
    "body": label,
    "enabled": True,
}).id
""",
        issuer=issuer,
        client_identifier=client_identifier,
        label=label,
        name=name,
        scope=SCOPE,
        sign_up=sign_up,
    )
