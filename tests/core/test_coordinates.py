"""Points on the map in every form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core.coordinates import check_pair, distance_m, read_coordinate, show_dms, split_pair
from ledger_app.core.errors import Reading
from tests.core.cells import cells, outcome, sentence


@pytest.mark.parametrize("axis", ["longitude", "latitude"])
def test_every_coordinate_of_the_sample_cells_is_read(axis: str) -> None:
    rows = cells(axis)
    assert len(rows) > 10
    for _, raw, value, code in rows:
        read, said = outcome(read_coordinate(raw, axis))
        assert said == code, raw
        assert read == pytest.approx(value, abs=1e-6), raw


@pytest.mark.parametrize(
    ("raw", "degrees"),
    [
        (108.4848454, 108.484845),
        ("108.484845", 108.484845),
        ("１０８．６８４６４", 108.68464),
        ("108 39 23", 108.656389),
        ("108.30.15", 108.504167),
        ("108-30-15", 108.504167),
        ("108:30:15", 108.504167),
        ("41°38′46″", 41.646111),
        ("41°38′46.5″", 41.64625),
        ("108°30'15''", 108.504167),
        ("108°36'", 108.6),
        ("108°36.5′", 108.608333),
        ("108度36分30秒", 108.608333),
        ("E108.270276°", 108.270276),
        ("108°39′23″E", 108.656389),
        ("东经108°12′55″", 108.215278),
        ("经度：108.5", 108.5),
        ("108. 484845", 108.484845),
    ],
)
def test_a_coordinate_becomes_decimal_degrees(raw: Any, degrees: float) -> None:
    assert outcome(read_coordinate(raw, "longitude")) == (pytest.approx(degrees, abs=1e-6), None)


@pytest.mark.parametrize(
    "raw", ["108.5,41.2", "N41.2° E108.5°", "东经108°30′，北纬41°12′", "108.500 41.200", "41.2、108.5"]
)
def test_a_cell_with_both_axes_gives_each_its_own(raw: str) -> None:
    assert read_coordinate(raw, "longitude").value == 108.5
    assert read_coordinate(raw, "latitude").value == 41.2


@pytest.mark.parametrize("raw", ["108.5", "108 39 23", "见附图", "a,b"])
def test_a_cell_with_one_axis_is_no_pair(raw: str) -> None:
    assert split_pair(raw) is None


@pytest.mark.parametrize(
    ("raw", "axis", "suggestion"),
    [
        (1085.41528, "longitude", 108.541528),
        (108541528, "longitude", 108.541528),
        ("41333328", "latitude", 41.333328),
        (200, "longitude", None),
        (0, "latitude", None),
        ("108°30′75″", "longitude", None),
        ("西经108°", "longitude", None),
        (float("nan"), "longitude", None),
        (float("inf"), "longitude", None),
    ],
)
def test_what_lies_outside_the_country_is_refused(raw: Any, axis: str, suggestion: float | None) -> None:
    reading = read_coordinate(raw, axis)
    assert outcome(reading) == (None, "coordinate_out_of_range")
    assert reading.problem is not None
    assert (reading.problem.severity, reading.problem.suggestion) == ("refuse", suggestion)


@pytest.mark.parametrize("raw", [512345.67, 4582345.2, "37512345.6"])
def test_metres_of_a_plane_projection_are_not_converted(raw: Any) -> None:
    reading = read_coordinate(raw, "longitude")
    assert reading.value is None
    assert reading.problem is not None
    assert (reading.problem.code, reading.problem.severity) == ("coordinate_projected", "info")


def test_words_are_asked_about() -> None:
    assert outcome(read_coordinate("见附图", "longitude")) == (None, "non_numeric_value")
    assert "见附图" in sentence(read_coordinate("见附图", "longitude"))


def test_exchanged_axes_are_offered_the_right_way_round() -> None:
    problem = check_pair(41.436463, 108.339692)
    assert problem is not None
    assert (problem.code, problem.severity) == ("coordinates_swapped", "confirm")
    assert problem.suggestion == {"longitude": 108.339692, "latitude": 41.436463}


@pytest.mark.parametrize(
    ("longitude", "latitude", "bad"), [(108.3, 88.0, "纬度 88"), (41.0, 41.0, "经度 41")]
)
def test_a_point_outside_is_refused(longitude: float, latitude: float, bad: str) -> None:
    problem = check_pair(longitude, latitude)
    assert problem is not None
    assert (problem.code, problem.severity) == ("coordinate_out_of_range", "refuse")
    assert bad in problem.text


def test_a_good_or_half_known_point_is_no_problem() -> None:
    assert check_pair(108.3, 41.4) is None
    assert check_pair(None, 41.4) is None


def test_degrees_are_shown_with_minutes_and_seconds() -> None:
    assert show_dms(108.656389) == "108°39′23″"
    assert show_dms(41.99999) == "42°00′00″"
    assert show_dms(108.504167, 2) == "108°30′15.00″"


@given(st.floats(73, 136))
def test_what_is_shown_reads_back_within_half_a_second(value: float) -> None:
    assert read_coordinate(show_dms(value), "longitude").value == pytest.approx(value, abs=0.51 / 3600)
    assert read_coordinate(show_dms(value, 3), "longitude").value == pytest.approx(value, abs=1e-6)


def test_distances_are_in_metres() -> None:
    assert distance_m(108.5, 41.3, 108.5, 41.3) == 0
    assert distance_m(108.5, 41.3, 108.5, 42.3) == pytest.approx(111_195, abs=5)


@given(st.text(max_size=30), st.sampled_from(["longitude", "latitude"]))
def test_any_text_is_read_without_failing(text: str, axis: str) -> None:
    assert isinstance(read_coordinate(text, axis), Reading)


@given(st.floats() | st.integers(-(10**12), 10**12), st.sampled_from(["longitude", "latitude"]))
def test_any_number_is_read_without_failing(number: float, axis: str) -> None:
    assert isinstance(read_coordinate(number, axis), Reading)
