"""The citizen's page says what to do in its HTML, in the language asked for."""

import re

import brotli
import pytest

from api.rooms import HOUSE
from dispatch.aeds.emergency_numbers import BUILT_IN, read_numbers
from maps.assets import STATIC_FOLDER
from maps.pages import modules_of, render_page
from maps.spoken import wanted_language

PUSH = {"zh": "按压胸口正中。", "en": "Push on the middle of the chest.",
        "es": "Comprima en el centro del pecho."}  # fmt: skip


@pytest.mark.parametrize("language", PUSH)
def test_steps_numbers_and_beat_stand_in_the_html(language):
    html = render_page(HOUSE.pages["/aed"], language)
    body = html[html.index("<body") :]
    assert PUSH[language] in body
    assert "110" in body
    for row in BUILT_IN.said():
        assert f'href="tel:{row.number}"' in body
    # No number stands on the big button: nobody knows yet where the phone is.
    assert not re.search(r'id="call"[^>]*href', body)
    assert re.findall(r'data-i18n="[^"]+"[^>]*></', body) == []
    assert f'lang="{language}' in html


def test_an_installations_own_numbers_stand_in_the_list():
    numbers = read_numbers([
        {"country": "AR", "number": "107", "source": "a statute, read 2026-11-30",
         "name": {"en": "Argentina", "zh": "阿根廷", "es": "Argentina"}},
        {"country": "CL", "number": None, "source": "to be confirmed"},
    ])  # fmt: skip
    html = render_page(HOUSE.pages["/aed"], "zh", numbers)
    assert '阿根廷 <a href="tel:107"' in html
    assert "智利" not in html


def test_the_first_words_wait_for_no_other_file():
    html = render_page(HOUSE.pages["/aed"], "en")
    assert 'rel="stylesheet"' not in html
    for script in re.findall(r"<script[^>]* src=[^>]*>", html):
        assert "defer" in script or 'type="module"' in script


def test_all_before_the_map_weighs_less_than_60_kb():
    files = [
        (STATIC_FOLDER / address.removeprefix("/static/")).read_bytes()
        for address in (*modules_of("aed/main.js"), "/static/js/shell/first.js")
    ]
    html = render_page(HOUSE.pages["/aed"], "es").encode()
    assert sum(len(brotli.compress(one, quality=9)) for one in (html, *files)) < 60_000


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [
        (None, "es-CL,es;q=0.9,en;q=0.8", "es"),
        (None, "de,en;q=0.5,zh;q=0.7", "zh"),
        (None, "fr", "en"),
        (None, "", "en"),
        (None, "zh;q=0,en;q=0.1", "en"),
        ("zh", "es", "zh"),
        ("<b>", "es", "es"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_best_accepted(asked, header, language):
    assert wanted_language(asked, header) == language
