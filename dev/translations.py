"""Renews the translation files of each add-on: the .pot with every text in English, and the .po of each language."""

from .console import say
from .settings import ROOT, our_modules
from .workbench import Workbench

# polib comes with Odoo, so the files are written by Odoo's Python. Without dates and Odoo's exact version in the
# header, a file only changes when a text does.
RENEW = """
import io
from pathlib import Path
import polib
from odoo.tools.translate import trans_export

def save(file, path, language):
    file.header = "Texts of the module " + module + "."
    file.metadata = {
        "Project-Id-Version": module,
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    file.sort(key=lambda entry: (bool(entry.obsolete), entry.msgid))
    file.save(str(path))

exported = io.BytesIO()
trans_export(None, [module], exported, "po", env)
template = polib.pofile(exported.getvalue().decode())
save(template, Path(folder, module + ".pot"), "")
result = {"texts": len(template)}
for path in sorted(Path(folder).glob("*.po")):
    translated = polib.pofile(str(path))
    translated.merge(template)
    for entry in [entry for entry in translated if entry.obsolete and not entry.msgstr]:
        translated.remove(entry)
    save(translated, path, path.stem)
    result[path.stem] = len(translated.translated_entries())
"""


def renew(workbench: Workbench) -> None:
    """Write the texts of freshly installed modules into their .pot, and merge the new ones into each .po.

    Translations are kept; one whose English text has gone stays in its file, marked as obsolete.
    """
    modules = our_modules()
    with workbench.shell(workbench.create_database("translations", modules)) as shell:
        for module in modules:
            folder = ROOT / module / "i18n"
            folder.mkdir(exist_ok=True)
            counts = shell.run(RENEW, module=module, folder=str(folder))
            say(f"  {module}: {counts.pop('texts')} texts")
            for language, count in counts.items():
                say(f"  {language}: {count} translated")
