"""What cannot be asked of pairs of cases."""

from gis.errors import InvalidInputError


class CasePairsError(InvalidInputError):
    """Places, times or limits of pairs of cases cannot be used."""

    code = "case_pairs"
