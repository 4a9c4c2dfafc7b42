"""Which reports have a number."""

import pytest

from gis.permissions import RESOURCE_READ
from gis.rooms.model import Report
from gis.words import alike
from maps.reports.errors import ReportNumberError
from maps.reports.model import Format, file_name
from maps.reports.reading import check_number

OF_CITY = Report("resources", alike("r"), alike("r"), RESOURCE_READ, "a:b")
OF_ONE = Report("study", alike("s"), alike("s"), RESOURCE_READ, "a:b", of_one="a:c")


def test_a_report_of_one_thing_has_its_number_and_no_other_has_one() -> None:
    check_number(OF_CITY, None)
    check_number(OF_ONE, 7)
    with pytest.raises(ReportNumberError, match="say its number"):
        check_number(OF_ONE, None)
    with pytest.raises(ReportNumberError, match="without a number"):
        check_number(OF_CITY, 7)
    assert file_name("study", "coquimbo", "en", Format.PDF, period="7") == "study-7-coquimbo-en.pdf"
