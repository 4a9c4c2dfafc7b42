"""What can go wrong with the rules of a jurisdiction."""

from gis.errors import InvalidInputError


class InvalidJurisdictionError(InvalidInputError):
    """A jurisdiction, or the file of their rules, names what is unknown or absurd."""

    code = "road_rules_invalid"
