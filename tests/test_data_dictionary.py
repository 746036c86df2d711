"""The data dictionary says what the declarations say."""

from __future__ import annotations

from build_spec.make_data_dictionary import OUT, dictionary


def test_the_data_dictionary_is_the_one_the_declarations_give() -> None:
    assert OUT.read_text(encoding="utf-8") == dictionary(), "run build_spec/make_data_dictionary.py"
