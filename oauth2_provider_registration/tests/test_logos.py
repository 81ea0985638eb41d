"""Logos are drawn anew: only pixels get through, and not too many."""

import base64
import io
import random
import struct
import zlib

from odoo.tests import BaseCase, tagged
from PIL import Image

from ..adapters.logos import SIZE, redraw

PNG = b"\x89PNG\r\n\x1a\n"


def with_right_sums(content):
    """A PNG in which the sums of the chunks fit again, so that the reader goes on to what they hold."""
    place = len(PNG)
    while content.startswith(PNG) and place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        end = place + 8 + length
        if end + 4 > len(content):
            break
        total = struct.pack(">I", zlib.crc32(content[place + 4 : end]))
        content = content[:end] + total + content[end + 4 :]
        place = end + 4
    return content


def picture(kind, size=(300, 100)):
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, kind)
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestLogos(BaseCase):
    def test_pictures_of_pixels(self):
        for kind in ("PNG", "JPEG", "GIF"):
            with self.subTest(kind):
                drawn = Image.open(io.BytesIO(base64.b64decode(redraw(picture(kind)))))
                self.assertEqual(drawn.format, "PNG")
                self.assertEqual(drawn.size[0], SIZE)
                self.assertLessEqual(drawn.size[1], SIZE)

    def test_d23_what_is_no_picture(self):
        for content in (
            b"",
            b"text",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<html><script>alert(1)</script></html>",
            picture("BMP"),
            b"GIF89a",
        ):
            with self.subTest(content[:20]):
                self.assertFalse(redraw(content))

    def test_what_unfolds_without_end(self):
        header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n"
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1_000_000))):
            bomb += struct.pack(">I", len(data)) + name + data
            bomb += struct.pack(">I", zlib.crc32(name + data))
        self.assertFalse(redraw(bomb))
        self.assertFalse(redraw(picture("PNG", (3000, 3000))))

    def test_damaged_pictures(self):
        """Wherever it was damaged, it is drawn or refused."""
        chance = random.Random(1)  # noqa: S311 the same damage every time
        whole = [
            picture(kind, size) for kind in ("PNG", "JPEG", "GIF") for size in ((9, 5), (60, 200))
        ]
        drawn = 0
        for number in range(600):
            content = bytearray(chance.choice(whole))
            for _damage in range(chance.choice((1, 1, 2, 5))):
                # Half of it at the beginning, where everything is decided.
                place = chance.randrange(min(len(content), chance.choice((40, 10_000))))
                content[place : place + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
            whatever = with_right_sums(bytes(content))
            with self.subTest(number):
                result = redraw(whatever)
                self.assertTrue(result is False or base64.b64decode(result).startswith(PNG))
            drawn += bool(result)
        self.assertGreater(drawn, 20)
        self.assertLess(drawn, 580)

    def test_nothing_but_pixels_is_left(self):
        secret = b"<script>alert(1)</script>"
        self.assertNotIn(secret, base64.b64decode(redraw(picture("JPEG") + secret)))
