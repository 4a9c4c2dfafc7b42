"""Use cases of institutions: the list to look through; renamed, merged and parted again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from gis.cities import require_city
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.rows import AnyRow
from surveillance.institutions import repository
from surveillance.institutions.errors import (
    InstitutionMergedInCircleError,
    InstitutionUnknownError,
)
from surveillance.institutions.likeness import nearly_alike
from surveillance.institutions.model import (
    Decision,
    DecisionList,
    DecisionView,
    InstitutionList,
    InstitutionView,
    names_of,
)

LOOKED_AT_DAYS = 365
MOST = 500


def institutions(uow: UnitOfWork, city_id: int) -> InstitutionList:
    """Return the schools and worksites of a city's cases, the most cases first.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    said = {one.institution_key: one for one in repository.decisions(uow.session, city_id)}
    names = names_of(said.values())
    seen = _seen(
        repository.written_names(
            uow.session, city_id,
            since=uow.clock.now().date() - timedelta(days=LOOKED_AT_DAYS),
        )
    )  # fmt: skip
    most = sorted(seen, key=lambda key: (-seen[key].written.total(), key))[:MOST]
    called = {key: names.name(key, seen[key].written.elements()) for key in most}
    alone = [key for key in most if names.root(key) == key]
    like = nearly_alike(
        {key: called[key] for key in alone}, {key: seen[key].written.total() for key in alone}
    )
    views = []
    for key in most:
        its, of_it, root = seen[key], said.get(key), names.root(key)
        views.append(
            InstitutionView(
                institution_key=key, name=called[key],
                version=0 if of_it is None else of_it.version,
                same_as_key=None if root == key else root,
                same_as_name=None if root == key else called.get(root, names.name(root, ())),
                like_key=(alike := None if of_it is not None else like.get(key)),
                like_name=None if alike is None else called[alike],
                written=tuple(name for name, _ in its.written.most_common()),
                cases=its.written.total(), diseases=tuple(sorted(its.diseases)),
                newest_on=its.newest_on, decided_at=None if of_it is None else of_it.decided_at,
                decided_by=None if of_it is None else of_it.decided_by,
            )
        )  # fmt: skip
    return InstitutionList(institutions=tuple(views))


@dataclass(slots=True)
class _Seen:
    """What reports say of one institution."""

    newest_on: date
    written: Counter[str] = field(default_factory=Counter)
    diseases: set[str] = field(default_factory=set)


def _seen(rows: Iterable[AnyRow]) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    for row in rows:
        its = found.setdefault(row.institution_key, _Seen(row.newest_on))
        its.newest_on = max(its.newest_on, row.newest_on)
        its.written[row.institution] += row.cases
        its.diseases.add(row.disease)
    return found


def history(uow: UnitOfWork, city_id: int, institution_key: str) -> DecisionList:
    """Return all that was said of an institution, the newest first."""
    return DecisionList(
        decisions=tuple(
            DecisionView(
                version=row.version, name=row.name, same_as_key=row.same_as_key,
                decided_at=row.decided_at, decided_by=row.decided_by,
            )
            for row in repository.history(uow.session, city_id, institution_key)
        )
    )  # fmt: skip


def decide(
    uow: WritingUnitOfWork,
    city_id: int,
    institution_key: str,
    *,
    name: str | None,
    same_as_key: str | None,
    expected_version: int | None = None,
) -> DecisionList:
    """Say what an institution is called and which one it is; None each: as reports write it.

    The next run counts by it; days that were judged stay as they were.

    Raises
    ------
    CityUnknownError, InstitutionUnknownError, InstitutionMergedInCircleError, StaleVersionError
    """
    require_city(uow, city_id)
    session = uow.session
    said = {one.institution_key: one for one in repository.decisions(session, city_id)}
    for key in (institution_key, same_as_key):
        if key is not None and key not in said and not repository.is_named(session, city_id, key):
            raise InstitutionUnknownError(key)
    before = said.get(institution_key)
    version = 0 if before is None else before.version
    check_version(expected_version, version)
    if same_as_key is not None and names_of(said.values()).root(same_as_key) == institution_key:
        raise InstitutionMergedInCircleError(same_as_key)
    if (name, same_as_key) != (before and before.name, before and before.same_as_key):
        repository.add_decision(session, city_id, Decision(
            institution_key=institution_key, version=version + 1, name=name,
            same_as_key=same_as_key, decided_at=uow.clock.now(), decided_by=uow.identity.label,
        ))  # fmt: skip
    return history(uow, city_id, institution_key)
