"""What is shown of a link between pseudonyms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as its reviewer sees it: which keys, why, by whom; no digest."""

    link_id: UUID
    first_key_id: str
    second_key_id: str
    reason: str
    made_by: str
    made_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
