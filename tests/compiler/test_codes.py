"""The codes of diagnostics."""

from __future__ import annotations

import re
from collections import Counter

from reprocc.compiler.codes import all_codes


def test_every_code_has_a_name_of_its_own_in_kebab_case() -> None:
    names = Counter(code.name for code in all_codes())
    assert names, "no codes were found"
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)] == []


def test_every_code_is_explained() -> None:
    for code in all_codes():
        for text in (code.title, code.explanation, code.example, code.mend):
            assert text == text.strip() != "", code.name
        assert not code.title.endswith("."), code.name
        assert "\n" not in code.title, code.name
        assert code.explanation.endswith("."), code.name
        assert code.mend.endswith((".", "`")), code.name


def test_codes_are_sorted_by_name() -> None:
    names = [code.name for code in all_codes()]
    assert names == sorted(names)
