"""The encoding of a text that does not say it."""

import pytest

from restoration.explore.text_encoding import ENCODINGS, decode_text, likeliest_encoding
from restoration.image.checks import ImageError

TEXTS = {
    "utf-8": "Käs, Mül, 画像",
    "utf-16": "größe\talter",
    "cp1252": "größe;straße;prénom;año;10 °C;5 €",
    "cp1250": "Žluťoučký kůň, Łódź, świętość",
    "cp1251": "Кошка, собака, город Москва",
    "cp1253": "Ελληνικά γράμματα",
    "cp850": "größe;Käse;Müller",
    "cp866": "Кошка, собака, город Москва",
    "koi8_r": "Кошка, собака, город Москва",
    "cp932": "画像,ねこ,いぬ,写真フォルダ",
    "gbk": "图片,文件夹,猫和狗,照片",
    "cp949": "그림,고양이,강아지,사진",
    "big5": "圖片,資料夾,貓和狗,照片",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_text_is_read_in_the_encoding_that_it_was_written_in(encoding):
    content = TEXTS[encoding].encode(encoding)
    found = likeliest_encoding(content)
    assert decode_text(content, found) == TEXTS[encoding], found


def test_any_bytes_have_an_encoding_and_a_wrong_choice_is_a_sentence():
    content = bytes(range(256))
    assert len(decode_text(content, likeliest_encoding(content))) == 256
    with pytest.raises(ImageError, match=r"UTF-8.*Choose another"):
        decode_text("größe".encode("cp1252"), "utf-8")
    with pytest.raises(ImageError, match="encoding"):
        decode_text(b"a", "rot13")
    for name in ENCODINGS:
        assert "a,b".encode(name).decode(name) == "a,b"
