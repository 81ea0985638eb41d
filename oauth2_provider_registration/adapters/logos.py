"""Logos of strangers: drawn anew from their pixels, so that nothing else of the file is left."""

import base64
import io
import warnings

from PIL import Image, UnidentifiedImageError

# Those that Odoo itself loads.
FORMATS = ("PNG", "JPEG", "GIF")
SIZE = 128
MAXIMUM_PIXELS = 4_000_000


def redraw(content):
    """The picture as a small PNG in base64, or False if it is none of pixels (SVG), or too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MAXIMUM_PIXELS:
                    return False
                drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombWarning, OSError, ValueError):
        return False
    except (SyntaxError, EOFError, Image.DecompressionBombError):
        # What the readers of single formats raise for damaged files.
        return False
    drawn.thumbnail((SIZE, SIZE))
    target = io.BytesIO()
    drawn.save(target, "PNG")
    return base64.b64encode(target.getvalue())
