import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.text_fold import fold, fold_any


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Avenida Ñuñoa", "avenida nunoa"),
        ("O'Higgins", "ohiggins"),
        ("Strömstraße", "stromstrasse"),
        ("Ærøskøbing", "aeroskobing"),
        ("ＳＨＥＮＺＨＥＮ　１２０", "shenzhen 120"),
        ("深南大道", "深南大道"),
        ("  Balmaceda   916, La Serena ", "balmaceda 916 la serena"),
        ("Calle A & Calle B", "calle a calle b"),
        ("ガード下", "ガード下"),
        ("", ""),
    ],
)
def test_fold_brings_spellings_together(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())


@given(
    st.text(max_size=40)
    | st.text(st.characters(max_codepoint=0x7F) | st.sampled_from("市一龥"), max_size=40)
)
def test_the_short_way_folds_as_the_tables_of_unicode_do(text):
    assert fold(text) == fold_any(text)
