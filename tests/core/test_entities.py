"""Every ledger as it is declared: names, labels, units and references that hold together."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations

import pytest

from ledger_app.core import units
from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Choice, Date, Field, Links, Number, ReadContext, Ref, Text
from ledger_app.core.rules.checks import InOrder

CONTEXT = ReadContext(date(2025, 9, 30))
DECLARED = [pytest.param(entity, id=entity.name) for entity in LEDGERS]
FIELDS = [pytest.param(e, f, id=f"{e.name}.{f.name}") for e in LEDGERS for f in e.fields]
NUMBERS = [p for p in FIELDS if isinstance(p.values[1], Number)]
UNIT_IN_NAME = {
    "_m3": "m³",
    "_m": "m",
    "_mm": "mm",
    "_mu": "亩",
    "_yuan": "元",
    "_kw": "kW",
    "_km2": "km²",
    "_m3_h": "m³/h",
    "_m3_s": "m³/s",
}


def test_ledgers_have_english_names_and_chinese_labels_of_their_own() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*s", e.name) for e in LEDGERS)
    assert len({e.label for e in LEDGERS}) == len(list(LEDGERS)) == len(LEDGERS.names)
    assert not any(e.label.isascii() or e.counter.isascii() for e in LEDGERS)


@pytest.mark.parametrize("entity", DECLARED)
def test_names_columns_and_labels_are_there_once(entity: Entity) -> None:
    for named in ([f.name for f in entity.fields], [f.label for f in entity.fields], list(entity.columns)):
        assert len(set(named)) == len(named)
    assert not {"id", "uid"} & set(entity.columns)


@pytest.mark.parametrize("entity", DECLARED)
def test_a_header_seen_in_workbooks_leads_to_one_field(entity: Entity) -> None:
    for one, other in combinations(entity.fields, 2):
        assert not {one.label, *one.synonyms} & {other.label, *other.synonyms}, (one.name, other.name)


@pytest.mark.parametrize("entity", DECLARED)
def test_what_a_record_is_known_and_named_by_are_fields(entity: Entity) -> None:
    assert set(entity.key) | set(entity.title) <= set(entity.by_name)
    assert entity.title
    if entity.group:
        assert entity.key


@pytest.mark.parametrize("entity", DECLARED)
def test_references_lead_to_ledgers_and_lie_within_each_other_by_name(entity: Entity) -> None:
    for ref in entity.refs:
        assert ref.target in LEDGERS
        assert not ref.within or isinstance(entity.field(ref.within), Ref)
        assert ref.missing in ("keep", "confirm", "create")
        assert (
            ref.stated or ref.missing != "keep" or ref.required or not ref.synonyms or entity.group != "台账"
        )
    for links in entity.links:
        assert {links.owner, links.item} <= set(LEDGERS[links.through].by_name)
        owner = next(r for r in LEDGERS[links.through].refs if r.name == links.owner)
        assert LEDGERS[owner.target].table == entity.table


def test_ledgers_over_one_table_divide_it_between_them() -> None:
    shared: dict[str, list[Entity]] = {}
    for entity in LEDGERS:
        shared.setdefault(entity.table, []).append(entity)
    for entities in shared.values():
        scopes = [set(e.scope[1]) if e.scope else set() for e in entities]
        assert len(entities) == 1 or all(scopes)
        assert sum(map(len, scopes)) == len(set().union(*scopes))


def test_a_record_of_a_shared_table_can_be_told_by_its_scope() -> None:
    wells = LEDGERS["wells"]
    assert wells.scope == ("kind", ("机电井",))
    assert wells.columns[0] == "kind"
    assert "kind" not in wells.by_name
    assert LEDGERS["intakes"].columns.count("kind") == 1


@pytest.mark.parametrize(("entity", "field"), NUMBERS)
def test_a_quantity_says_its_base_unit_in_its_name(entity: Entity, field: Number) -> None:
    found = re.search(r"_(?:m3_h|m3_s|m3|mm|m|mu|yuan|kw|km2)$", field.name)
    assert (UNIT_IN_NAME[found[0]] if found else field.unit) == field.unit
    assert found or field.unit not in UNIT_IN_NAME.values()


@pytest.mark.parametrize(("entity", "field"), [p for p in FIELDS if isinstance(p.values[1], Number)])
def test_a_quantity_is_shown_in_a_unit_that_converts_to_its_base(entity: Entity, field: Number) -> None:
    unit = field.display_unit
    if field.unit_label:
        assert unit is not None
        assert units.factor_between(unit, field.unit)
    if field.hard and field.usual:
        assert field.hard[0] <= field.usual[0] < field.usual[1] <= field.hard[1]


@pytest.mark.parametrize(("entity", "field"), FIELDS)
def test_a_column_head_says_label_and_unit_and_is_understood_again(entity: Entity, field: Field) -> None:
    label, unit = units.split_unit(field.heading)
    assert label == field.label
    assert unit == (field.display_unit if isinstance(field, Number) else None)


@pytest.mark.parametrize(("entity", "field"), FIELDS)
def test_days_and_nothing_else_are_named_as_days(entity: Entity, field: Field) -> None:
    named = field.name.endswith(("_on", "_from", "_to", "_until", "_end"))
    assert named == isinstance(field, Date)


@pytest.mark.parametrize(("entity", "field"), [p for p in FIELDS if isinstance(p.values[1], Choice)])
def test_every_word_of_a_vocabulary_is_read_as_itself(entity: Entity, field: Choice) -> None:
    for word in field.terms.values:
        assert field.read(word, CONTEXT).value == word
        assert field.read(word, CONTEXT).problem is None


def test_the_registry_finds_who_refers_to_a_record_through_shared_tables_too() -> None:
    to_wells = {(e.name, r.name) for e, r in LEDGERS.referring_to("wells")}
    assert {("closures", "well_code"), ("permit_shares", "point"), ("wells", "replaces")} <= to_wells
    assert to_wells == {(e.name, r.name) for e, r in LEDGERS.referring_to("intakes")}
    assert LEDGERS.referring_to("operators") == ()


def test_places_are_the_ledgers_with_a_group() -> None:
    assert [e.name for e in LEDGERS.places][:3] == ["wells", "intakes", "permits"]
    assert all(e.group for e in LEDGERS.places)
    assert "wells" in LEDGERS
    assert "nothing" not in LEDGERS


def test_checks_run_over_columns_and_over_one_record_alike() -> None:
    entity = Entity(
        name="trips",
        label="巡查",
        counter="次",
        group=None,
        icon="",
        key=(),
        title=("from_on",),
        fields=(
            Date(name="from_on", label="起"),
            Date(name="to_on", label="止"),
            Text(name="by", label="人"),
        ),
        checks=(InOrder("from_on", "to_on", "止早于起"),),
    )
    columns = {
        "from_on": ["2025-02-01", "2025-01-01", None],
        "to_on": ["2025-01-01", "2025-02-01", "2025-01-01"],
    }
    found = list(entity.check(columns, CONTEXT))
    assert [(row, p.field, p.code) for row, p in found] == [(0, "to_on", "date_order")]
    alone = entity.check_row({"from_on": "2025-02-01", "to_on": "2025-01-01"}, CONTEXT)
    assert alone == [found[0][1]]
    assert isinstance(alone[0], Problem)
    assert entity.check_row({"from_on": "2025-02-01"}, CONTEXT) == []
    assert Registry([entity]).referring_to("trips") == ()


def test_several_references_are_kept_as_rows_elsewhere() -> None:
    wells_of_permit = LEDGERS["permits"].field("well_codes")
    assert isinstance(wells_of_permit, Links)
    assert wells_of_permit.columns == ()
    assert "well_codes" not in LEDGERS["permits"].columns
