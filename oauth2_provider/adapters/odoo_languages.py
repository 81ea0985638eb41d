"""Languages of Odoo as BCP 47 tags, and the language that a client wishes for the pages (OIDC Core §3.1.2.1)."""

from odoo.http import request


def to_tag(code):
    """fr_BE as fr-BE; the variant of a script, as in sr@latin, has no place in a simple tag."""
    return code.partition("@")[0].replace("_", "-")


def installed_locales(env):
    """The tags of all languages that pages can be in."""
    return tuple(dict.fromkeys(to_tag(code) for code, _name in env["res.lang"].get_installed()))


def speak(ui_locales, answer):
    """Let the pages that follow be in the first of the languages that is installed, as far as that is for us to say.

    Who is logged in has chosen a language already.

    :param ui_locales: tags, best first
    :param answer: the response that leads to those pages
    """
    code = first_installed(ui_locales)
    if code is not None and not request.session.uid:
        request.session.context = {**request.session.context, "lang": code}
        # Where a website is installed, its pages go by this cookie.
        answer.set_cookie("frontend_lang", code)
    return answer


def first_installed(ui_locales):
    """The code of the first of the languages that pages can be in, or None."""
    codes = [code for code, _name in request.env["res.lang"].get_installed()]
    for tag in ui_locales:
        wanted = tag.lower()
        for code in codes:
            if to_tag(code).lower() == wanted:
                return code
        for code in codes:
            if to_tag(code).lower().partition("-")[0] == wanted.partition("-")[0]:
                return code
    return None
