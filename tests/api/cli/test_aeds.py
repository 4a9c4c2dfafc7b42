"""Pictures of AEDs from the command line: what cannot be used is refused with a sentence."""

import pytest

from tests.api.cli.said import Run, refusal

NAMED = ("--source", "Red Cross", "--licence", "CC BY 4.0")


@pytest.mark.database
def test_a_picture_that_cannot_be_used_is_refused(goldenhour: Run, database, tmp_path) -> None:
    path = tmp_path / "place.jpg"
    path.write_bytes(b"no picture")
    assert "not a whole JPEG" in refusal(goldenhour("aed", "photo", "7", str(path), *NAMED))
    assert "no picture of AED 7" in refusal(goldenhour("aed", "no-photo", "7"))
    unnamed = goldenhour("aed", "photo", "7", str(path), "--source", " ", "--licence", "CC0")
    assert unnamed.returncode == 2
    assert "shown beside the picture" in unnamed.stderr
