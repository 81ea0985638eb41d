"""Which changes of mutmut change words alone: how a refusal is explained is not what tests should fix."""

import re

_TEXT = re.compile(r'f?"[^"]*"')


def is_wording(change: list[str]) -> bool:
    """Whether a sentence alone is different or left out; what is put into one counts where nothing is refused.

    :param change: the lines that go, after a minus, and those that come, after a plus
    """
    before, after = ([line[1:].strip() for line in change if line[0] == sign] for sign in "-+")
    has_words = any(map(_is_sentence, _TEXT.findall("".join(before))))
    return has_words and _without_words(before) == _without_words(after)


def _is_sentence(text: str) -> bool:
    return re.search(r"[A-Za-z}].* ", re.sub(r"\{.*?\}", "{}", text)) is not None


def _without_words(lines: list[str]) -> str:
    def shortened(text: re.Match[str]) -> str:
        if not _is_sentence(text[0]):
            return text[0]
        is_refusal = text[0] in lines or text.string.startswith("raise ")
        return "" if is_refusal else "".join(re.findall(r"\{.*?\}", text[0]))

    code = "".join(_TEXT.sub(shortened, line) for line in lines)
    return re.sub(r"\bNone\b|\bdetail=|[ ,]", "", code)
