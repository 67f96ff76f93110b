"""What the drawing pad receives from the browser."""

import base64

from restoration.ui.components import pad


def test_an_empty_or_a_strange_drawing_is_none():
    assert pad.decode_ink("") is None
    assert pad.decode_ink("no base64!") is None
    assert pad.decode_ink(base64.b64encode(b"abc").decode()) is None
    assert pad.decode_ink(base64.b64encode(bytes(pad.SIDE**2)).decode()) is None
