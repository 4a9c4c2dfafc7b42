"""SQL of roles and their permissions."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, exists, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.access import Permission, StoredRole
from gis.rooms.house import House
from gis.tables import RolePermission, RoleRecord, UserRole
from gis.words import Words


def seed_roles(connection: Connection, house: House) -> None:
    """Store the roles that rooms declare, with their permissions.

    What an administrator gave or took stays; what no room declares any longer goes. Only a role
    that accounts have goes on, with what it holds, as one of the installation: nobody's rights end
    by an update, and `gis.roles.remove_role` ends it.
    """
    if not house.roles:
        return
    roles = [
        {"role": role.name, "words": role.words.as_json(), "declared": True}
        for role in house.roles.values()
    ]
    stored = upsert(RoleRecord).values(roles)
    connection.execute(
        stored.on_conflict_do_update(
            index_elements=[RoleRecord.role],
            set_={"words": stored.excluded.words, "declared": True},
        )
    )
    _disown_roles(connection, house)
    pairs = [(role, held) for role, holding in house.holdings.items() for held in holding]
    connection.execute(
        delete(RolePermission).where(
            RolePermission.declared,
            tuple_(RolePermission.role, RolePermission.permission).not_in(pairs),
        )
    )
    if pairs:
        connection.execute(
            upsert(RolePermission)
            .values([
                {"role": role, "permission": held, "held": True, "declared": True}
                for role, held in pairs
            ])
            .on_conflict_do_nothing()
        )  # fmt: skip


def _disown_roles(connection: Connection, house: House) -> None:
    # Locked first, so that a role that somebody is being given right now is seen as had.
    former = connection.execute(
        select(RoleRecord.role)
        .where(RoleRecord.declared, RoleRecord.role.not_in(house.roles))
        .with_for_update()
    ).scalars().all()  # fmt: skip
    connection.execute(
        delete(RoleRecord).where(
            RoleRecord.role.in_(former), ~exists().where(UserRole.role == RoleRecord.role)
        )
    )
    connection.execute(update(RoleRecord).where(RoleRecord.role.in_(former)).values(declared=False))
    connection.execute(
        update(RolePermission)
        .where(RolePermission.role.in_(former), RolePermission.permission.in_(house.permissions))
        .values(declared=False)
    )


def role_names(session: Session) -> frozenset[str]:
    """Return the name of every role there is."""
    return frozenset(session.execute(select(RoleRecord.role)).scalars())


def role_words(session: Session, roles: Iterable[str]) -> Mapping[str, Words]:
    """Return what each of `roles` is called."""
    rows = session.execute(
        select(RoleRecord.role, RoleRecord.words).where(RoleRecord.role.in_(list(roles)))
    )
    return {role: Words.from_json(words) for role, words in rows}


def list_roles(session: Session) -> Sequence[StoredRole]:
    """Return every role, ordered by name."""
    held = (
        select(func.array_agg(RolePermission.permission))
        .where(RolePermission.role == RoleRecord.role, RolePermission.held)
        .scalar_subquery()
    )
    accounts = (
        select(func.count(UserRole.user_id.distinct()))
        .where(UserRole.role == RoleRecord.role)
        .scalar_subquery()
    )
    rows = session.execute(
        select(RoleRecord.role, RoleRecord.words, RoleRecord.declared, held, accounts)
        .order_by(RoleRecord.role)
    )  # fmt: skip
    return [
        StoredRole(
            role,
            # A role that somebody stored by hand may lack words: it is called by its name.
            Words.from_json({"en": role, **words}),
            declared,
            tuple(sorted(map(Permission, names or ()))),
            count,
        )
        for role, words, declared, names, count in rows
    ]


def add_role(session: Session, role: str, words: Words) -> bool:
    """Store a role of this installation; returns whether the name was free."""
    stored = session.execute(
        upsert(RoleRecord)
        .values(role=role, words=words.as_json(), declared=False)
        .on_conflict_do_nothing()
        .returning(RoleRecord.role)
    ).first()
    return stored is not None


def lock_role(session: Session, role: str) -> bool:
    """Lock a role until commit; returns whether there is one."""
    query = select(RoleRecord.role).where(RoleRecord.role == role).with_for_update()
    return session.execute(query).first() is not None


def is_declared(session: Session, role: str) -> bool:
    """Return whether a room declares the role."""
    query = select(exists().where(RoleRecord.role == role, RoleRecord.declared))
    return bool(session.execute(query).scalar_one())


def delete_role(session: Session, role: str) -> None:
    """Remove a role: from every account too."""
    session.execute(delete(RoleRecord).where(RoleRecord.role == role))


def hold(session: Session, role: str, permissions: Iterable[Permission]) -> None:
    """Give permissions to a role."""
    session.execute(
        upsert(RolePermission)
        .values([
            {"role": role, "permission": one, "held": True, "declared": False}
            for one in permissions
        ])
        .on_conflict_do_update(
            index_elements=[RolePermission.role, RolePermission.permission], set_={"held": True}
        )
    )  # fmt: skip


def take_away(session: Session, role: str, permissions: Iterable[Permission]) -> None:
    """Take permissions from a role, those that a room declares for good."""
    session.execute(
        update(RolePermission)
        .where(RolePermission.role == role, RolePermission.permission.in_(tuple(permissions)))
        .values(held=False)
    )
