"""Which point draws under which permit: the permit's shares and the well's own word, kept in step.

A share holds on a day when from_on ≤ day and to_on is empty or later: to_on is the first day without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from ledger_app.core.entity import Entity
from ledger_app.core.units import plain, to_decimal
from ledger_app.db.operations.batch import related
from ledger_app.db.store import CHUNK, Act, Row, Store

NO_PERMIT = {
    "permit_uid": None,
    "permit_stated": None,
    "permitted_volume_m3": None,
    "planned_volume_m3": None,
}


def open_shares(store: Store, column: str, uids: Sequence[str], day: str) -> dict[str, list[Row]]:
    """Point or permit (by `column`) → the shares that hold on a day or begin later."""
    shares = related(store, store.registry["permit_shares"], column, uids)
    held = {uid: [s for s in rows if not s["to_on"] or s["to_on"] > day] for uid, rows in shares.items()}
    return {uid: rows for uid, rows in held.items() if rows}


def points(store: Store, uids: Iterable[str]) -> dict[str, tuple[Entity, Row]]:
    """uid → (ledger, row) of points, wells and other intakes alike."""
    wanted = sorted(set(uids))
    found: dict[str, tuple[Entity, Row]] = {}
    for name in ("wells", "intakes"):
        entity = store.registry[name]
        found |= {uid: (entity, row) for uid, row in store.rows_by_uid(entity, wanted).items()}
    return found


def update_points(act: Act, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Change cells of points, each in its own ledger."""
    known = points(act.store, changes)
    for name in ("wells", "intakes"):
        own = {uid: changes[uid] for uid, (entity, _) in known.items() if entity.name == name}
        act.update_many(act.store.registry[name], own)


def end(act: Act, ends: Mapping[str, str]) -> None:
    """Point uid → the day from which it draws under no permit any more: its open shares end, and what
    its own row says of a permit goes."""
    end_shares(act, ends)
    update_points(act, dict.fromkeys(ends, NO_PERMIT))


def end_shares(act: Act, ends: Mapping[str, str]) -> None:
    """The same without touching the points' own rows: there a register of wells has its say."""
    entity = act.store.registry["permit_shares"]
    shares = related(act.store, entity, "point_uid", list(ends))
    changes = {
        share["uid"]: {"to_on": ends[uid]}
        for uid, rows in shares.items()
        for share in rows
        if not share["to_on"] or share["to_on"] > ends[uid]
    }
    act.update_many(entity, changes)


def give(act: Act, given: Sequence[tuple[str, str, float | None, str | None]]) -> None:
    """(permit, point, m³, from day) each: a new share, and the point's own row says the same."""
    names = ("permit_uid", "point_uid", "share_m3", "from_on")
    columns = {name: [row[i] for row in given] for i, name in enumerate(names)}
    act.insert_columns(act.store.registry["permit_shares"], columns, len(given))
    update_points(
        act,
        {
            point: {"permit_uid": permit, "permit_stated": None, "permitted_volume_m3": m3}
            for permit, point, m3, _ in given
        },
    )


def fit(act: Act, volumes: Mapping[str, tuple[float | None, str]]) -> None:
    """Permit → (new volume, day): where the shares add up to more, they are cut in proportion. The old
    shares end on that day and new ones begin."""
    held = open_shares(
        act.store, "permit_uid", list(volumes), max((d for _, d in volumes.values()), default="")
    )
    ended: dict[str, dict[str, Any]] = {}
    given: list[tuple[str, str, float | None, str | None]] = []
    stated: list[dict[str, Any]] = []
    for permit, shares in held.items():
        volume, day = volumes[permit]
        filled = [s for s in shares if s["share_m3"]]
        total = sum((to_decimal(s["share_m3"]) for s in filled), Decimal(0))
        if volume is None or total <= to_decimal(volume):
            continue
        for share in filled:
            cut = _part(share["share_m3"], to_decimal(volume), total)
            ended[share["uid"]] = {"to_on": day}
            if share["point_uid"]:
                given.append((permit, share["point_uid"], cut, day))
            else:
                kept = {n: share[n] for n in ("permit_uid", "point_stated")}
                stated.append(kept | {"share_m3": cut, "from_on": day})
    entity = act.store.registry["permit_shares"]
    act.update_many(entity, ended)
    give(act, given)
    act.insert_many(entity, stated)


def _part(share_m3: float, volume: Decimal, total: Decimal) -> int | float:
    """Rounded down to the places a volume is kept in: the parts never add up to more than the whole."""
    exact = to_decimal(share_m3) * volume / total
    return plain(exact.quantize(Decimal("0.01"), ROUND_DOWN))


def under(store: Store, permits: Sequence[str]) -> dict[str, list[str]]:
    """Permit → the points whose own row names it."""
    held: dict[str, list[str]] = {}
    for start in range(0, len(permits), CHUNK):
        part = permits[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        sql = f"SELECT permit_uid, uid FROM points WHERE permit_uid IN ({marks}) ORDER BY id"
        for permit, point in store.conn.execute(sql, part):
            held.setdefault(permit, []).append(point)
    return held


def drawing(store: Store, permits: Sequence[str]) -> dict[str, set[str]]:
    """Permit → the points that draw under it, by its own list or by theirs; of a point that is not in
    the ledger what was stated."""
    held = {permit: set(points) for permit, points in under(store, permits).items()}
    for permit, rows in open_shares(store, "permit_uid", permits, "").items():
        still = [s for s in rows if not s["to_on"]]
        held.setdefault(permit, set()).update(s["point_uid"] or s["point_stated"] or "" for s in still)
    return held
