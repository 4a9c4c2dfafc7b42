from data.search_text import is_chinese, search_text


def test_chinese_name_is_found_by_characters_and_by_pinyin_joined_and_spaced():
    assert search_text("深南大道") == "深南大道 shennandadao shen nan da dao"


def test_each_form_stands_once_and_missing_names_are_passed_over():
    assert search_text("Balmaceda", None, "BALMACEDA", "") == "balmaceda"


def test_umlaut_pinyin_and_mixed_names():
    assert "lvyou" in search_text("旅游路") or "luyou" in search_text("旅游路")
    assert search_text("A座 Tower").startswith("a座 tower zuo")


def test_japanese_and_korean_are_not_chinese():
    assert is_chinese("科苑路")
    assert not is_chinese("ガード下")
    assert not is_chinese("Main Street")
