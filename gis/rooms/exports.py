"""What may leave the house as a file: its fields, who may ask, whether it is about persons."""

from dataclasses import dataclass

from gis.access import Permission
from gis.words import Words


@dataclass(frozen=True, slots=True)
class ExportKind:
    """One kind of export.

    name : stable: it stands on record
    fields : columns of the rows, in their order
    permission : who may ask for it, beside `export_make`; rows come from within its areas
    persons : rows are about persons: another person must approve the file before it is fetched
    build : `module:function(uow: WritingUnitOfWork, about: str | None, limit: int) -> Iterable of
        tuples` as long as `fields`; it gives at most `limit` rows
    about : what the asker names, such as a caller's number; it is not kept
    """

    name: str
    words: Words
    fields: tuple[str, ...]
    permission: Permission
    build: str
    persons: bool = True
    about: Words | None = None
