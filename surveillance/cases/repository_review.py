"""All SQL of what is looked through after an import: doubles, days, completeness, delays.

Row-level security gives each viewer the cases that they may read, so every figure is of these.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.rows import AnyRow

LEAST_SCORE = 0.6
SAME_ILLNESS_DAYS = 60
COMPLETED = (
    "onset_on", "diagnosed_on", "entered_on", "reviewed_on", "residence_area", "residence",
    "reporting_unit", "age_years", "sex", "institution", "person_digest",
)  # fmt: skip
"""Fields whose share of filled values is told."""


def find_doubles(session: Session, city_id: int, *, at: datetime) -> int:
    """Store pairs that may be one case, of the reports that `store_reports` just changed.

    Blocking: one disease, at most 60 days apart, and the same person's hash, name or telephone.
    Score: 0.6 for the hash, 0.3 for the name, 0.3 for the telephone, 0.1 each for area, sex with
    age (to a year) and days within a week; at most 1. Pairs from 0.6 on are kept; one that was
    decided stays so.
    """
    # Tables of their own, with statistics: of rows that were just stored the planner knows nothing.
    for statement in _COMPARED:
        session.execute(statement, {"city": city_id})
    found = session.execute(_DOUBLES, {
        "city": city_id, "at": at, "least": LEAST_SCORE, "days": SAME_ILLNESS_DAYS,
    })  # fmt: skip
    return int(found.rowcount)  # type: ignore[attr-defined]


_COMPARED = tuple(map(text, (
    "DROP TABLE IF EXISTS pg_temp.compared_reports, pg_temp.fresh_reports",
    """CREATE TEMP TABLE compared_reports ON COMMIT DROP AS
    SELECT v.case_id, v.disease, v.known_from, v.person_digest, v.residence_area, v.sex,
           v.age_years, coalesce(v.onset_on, v.diagnosed_on, v.entered_on) AS day,
           p.name, nullif(phone_digits(p.phone), '') AS phone
    FROM case_versions AS v LEFT JOIN case_persons AS p USING (case_id)
    WHERE v.city_id = :city AND v.known_until IS NULL AND v.deleted_at IS NULL""",
    "ANALYZE compared_reports",
    """CREATE TEMP TABLE fresh_reports ON COMMIT DROP AS
    SELECT * FROM compared_reports WHERE case_id IN (
        SELECT case_id FROM judged_reports WHERE verdict <> 'unchanged')""",
    "ANALYZE fresh_reports",
)))  # fmt: skip
_DOUBLES = text("""
WITH pairs AS (
    SELECT f.case_id AS one, r.case_id AS other FROM fresh_reports AS f
        JOIN compared_reports AS r ON r.person_digest = f.person_digest
        WHERE r.case_id <> f.case_id
    UNION SELECT f.case_id, r.case_id FROM fresh_reports AS f
        JOIN compared_reports AS r ON r.name = f.name AND r.disease = f.disease
        WHERE r.case_id <> f.case_id
    UNION SELECT f.case_id, r.case_id FROM fresh_reports AS f
        JOIN compared_reports AS r ON r.phone = f.phone WHERE r.case_id <> f.case_id),
scored AS (
    SELECT a.case_id AS one, b.case_id AS other, a.known_from AS one_at, b.known_from AS other_at,
           a.person_digest = b.person_digest AS person, a.name = b.name AS name,
           a.phone = b.phone AS phone, a.residence_area = b.residence_area AS area,
           a.sex = b.sex AND abs(a.age_years - b.age_years) <= 1 AS sex_and_age,
           abs(a.day - b.day) <= 7 AS days
    FROM pairs JOIN compared_reports AS a ON a.case_id = pairs.one
    JOIN compared_reports AS b ON b.case_id = pairs.other
    WHERE a.disease = b.disease AND coalesce(abs(a.day - b.day), 0) <= :days),
rated AS (
    SELECT *, least(1.0, 0.6 * coalesce(person, false)::int + 0.3 * coalesce(name, false)::int
        + 0.3 * coalesce(phone, false)::int + 0.1 * coalesce(area, false)::int
        + 0.1 * coalesce(sex_and_age, false)::int + 0.1 * coalesce(days, false)::int) AS score
    FROM scored)
INSERT INTO case_doubles (first_id, second_id, city_id, score, agreeing, found_at)
SELECT DISTINCT ON (least(one, other), greatest(one, other))
       CASE WHEN (one_at, one) < (other_at, other) THEN one ELSE other END,
       CASE WHEN (one_at, one) < (other_at, other) THEN other ELSE one END,
       :city, score,
       array_remove(ARRAY[CASE WHEN person THEN 'person' END, CASE WHEN name THEN 'name' END,
                          CASE WHEN phone THEN 'phone' END, CASE WHEN area THEN 'area' END,
                          CASE WHEN sex_and_age THEN 'sex_and_age' END,
                          CASE WHEN days THEN 'days' END], NULL), :at
FROM rated AS r WHERE score >= :least
  AND NOT EXISTS (SELECT 1 FROM case_doubles AS d
                  WHERE d.decision IS NOT NULL AND least(d.first_id, d.second_id)
                      = least(r.one, r.other)
                  AND greatest(d.first_id, d.second_id) = greatest(r.one, r.other))
ORDER BY least(one, other), greatest(one, other), score DESC
ON CONFLICT (first_id, second_id) DO UPDATE SET score = excluded.score,
    agreeing = excluded.agreeing WHERE case_doubles.decision IS NULL
""")


def open_doubles(session: Session, city_id: int, *, limit: int) -> Sequence[AnyRow]:
    """Return undecided pairs of which the viewer may read both, the likeliest first."""
    told = ", ".join(
        f"{side}.{name} AS {side}_{name}"
        for side in ("a", "b")
        for name in ("disease", "classification", "onset_on", "diagnosed_on", "entered_on",
                     "age_years", "sex", "residence_area", "reporting_unit", "sensitive")
    )  # fmt: skip
    return session.execute(
        text(f"""
        SELECT d.first_id, d.second_id, d.score, d.agreeing, d.found_at, {told},
               ca.source_key AS a_source_key, cb.source_key AS b_source_key,
               sa.name AS a_source, sb.name AS b_source
        FROM case_doubles AS d
        JOIN case_versions AS a ON a.case_id = d.first_id AND a.known_until IS NULL
        JOIN case_versions AS b ON b.case_id = d.second_id AND b.known_until IS NULL
        JOIN cases AS ca ON ca.case_id = d.first_id JOIN cases AS cb ON cb.case_id = d.second_id
        JOIN case_sources AS sa ON sa.source_id = ca.source_id
        JOIN case_sources AS sb ON sb.source_id = cb.source_id
        WHERE d.city_id = :city AND d.decision IS NULL AND a.deleted_at IS NULL
          AND b.deleted_at IS NULL
        ORDER BY d.score DESC, d.found_at, d.first_id LIMIT :limit"""),  # noqa: S608
        {"city": city_id, "limit": limit},
    ).all()


def decide_double(
    session: Session, first_id: UUID, second_id: UUID, *, same: bool, at: datetime, by: str
) -> bool:
    """Say whether two reports are one case; the second then counts no more. False: too late."""
    decided = session.execute(
        text(
            "UPDATE case_doubles SET decision = :decision, decided_at = :at, decided_by = :by"
            " WHERE first_id = :first AND second_id = :second AND decision IS NULL"
            " AND EXISTS (SELECT 1 FROM case_versions WHERE case_id = :first)"
            " AND EXISTS (SELECT 1 FROM case_versions WHERE case_id = :second)"
            " RETURNING first_id"
        ),
        {"decision": "same" if same else "different", "at": at, "by": by, "first": first_id,
         "second": second_id},
    ).all()  # fmt: skip
    if decided and same:
        session.execute(
            text("UPDATE cases SET same_as_id = :first WHERE case_id = :second"),
            {"first": first_id, "second": second_id},
        )
    return bool(decided)


def open_findings(session: Session, city_id: int, *, limit: int) -> Sequence[AnyRow]:
    """Return undecided impossible days of present versions, the newest first."""
    return session.execute(
        text("""
        SELECT f.case_id, f.stated_at, f.problem, c.source_key, s.name AS source, v.disease,
               v.onset_on, v.diagnosed_on, v.entered_on, v.died_on, v.reporting_unit,
               v.residence_area
        FROM case_findings AS f
        JOIN case_versions AS v ON v.case_id = f.case_id AND v.stated_at = f.stated_at
        JOIN cases AS c ON c.case_id = f.case_id
        JOIN case_sources AS s ON s.source_id = c.source_id
        WHERE v.city_id = :city AND v.known_until IS NULL AND v.deleted_at IS NULL
          AND f.decision IS NULL
        ORDER BY f.stated_at DESC, f.case_id, f.problem LIMIT :limit"""),
        {"city": city_id, "limit": limit},
    ).all()


def decide_finding(
    session: Session, case_id: UUID, problem: str, *, decision: str, at: datetime, by: str
) -> bool:
    """Put an impossible order of days of a case's present version away. False: it is gone."""
    return bool(
        session.execute(
            text(
                "UPDATE case_findings AS f SET decision = :decision, decided_at = :at,"
                " decided_by = :by FROM case_versions AS v WHERE v.case_id = f.case_id"
                " AND v.stated_at = f.stated_at AND v.known_until IS NULL AND f.case_id = :case"
                " AND f.problem = :problem AND f.decision IS NULL RETURNING f.case_id"
            ),
            {"decision": decision, "at": at, "by": by, "case": case_id, "problem": problem},
        ).all()
    )


def completeness(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return, of each source, how many cases there are and how many have each of `COMPLETED`."""
    filled = ", ".join(f"count(v.{name}) AS {name}" for name in COMPLETED)
    return session.execute(
        text(f"""
        SELECT s.name AS source, count(*) AS cases, {filled},
               count(*) FILTER (WHERE v.classification <> 'unknown') AS classification,
               count(*) FILTER (WHERE v.review_state = 'unreviewed') AS unreviewed
        FROM case_versions AS v JOIN case_sources AS s ON s.source_id = v.source_id
        WHERE v.city_id = :city AND v.known_until IS NULL AND v.deleted_at IS NULL
        GROUP BY s.name ORDER BY s.name"""),  # noqa: S608
        {"city": city_id},
    ).all()


def delays(
    session: Session,
    city_id: int,
    terms: Mapping[str, Sequence[Any]],
    *,
    since: date,
    limit: int,
) -> Sequence[AnyRow]:
    """Return, of each reporting unit, its reports since a day and how late they were.

    terms : `code`, `since`, `until`, `hours` of the law, one entry a term
    A report is late where it surely is: by the hour where both times are known, else by two days.
    """
    return session.execute(
        text("""
        WITH law AS (
            SELECT * FROM unnest(CAST(:code AS text[]), CAST(:since_day AS date[]),
                                 CAST(:until_day AS date[]), CAST(:hours AS int[]))
                AS t (code, since, until, hours)),
        reports AS (
            SELECT v.reporting_unit, v.review_state, law.hours,
                   extract(epoch FROM v.entered_at - v.diagnosed_at) / 3600 AS delay_h,
                   v.entered_on - v.diagnosed_on AS delay_d,
                   c.same_as_id IS NOT NULL AS is_double
            FROM case_versions AS v JOIN cases AS c USING (case_id)
            LEFT JOIN law ON law.code = v.disease AND v.diagnosed_on >= law.since
                AND (law.until IS NULL OR v.diagnosed_on < law.until)
            WHERE v.city_id = :city AND v.known_until IS NULL AND v.deleted_at IS NULL
              AND v.diagnosed_on >= :since)
        SELECT reporting_unit, count(*) AS reports,
               count(*) FILTER (WHERE review_state = 'unreviewed') AS unreviewed,
               count(*) FILTER (WHERE is_double) AS doubles,
               count(*) FILTER (WHERE hours = 2 AND (delay_h > 2 OR delay_h IS NULL AND
                   delay_d > 1)) AS late_2h,
               count(*) FILTER (WHERE hours = 24 AND (delay_h > 24 OR delay_h IS NULL AND
                   delay_d > 1)) AS late_24h,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY delay_h) AS median_h,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY delay_h) AS p90_h
        FROM reports GROUP BY reporting_unit
        ORDER BY count(*) FILTER (WHERE hours IS NOT NULL AND (delay_h > hours OR delay_h IS NULL
            AND delay_d > 1)) DESC, count(*) DESC, reporting_unit LIMIT :limit"""),
        {"city": city_id, "since": since, "limit": limit, "code": terms["code"],
         "since_day": terms["since"], "until_day": terms["until"], "hours": terms["hours"]},
    ).all()  # fmt: skip
