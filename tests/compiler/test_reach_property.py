"""For generated projects: the digest of a function changes with its result, and with it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import event, given, settings

from .packages import Project, digests, may_count, projects, results, written

ORDERED = projects(
    modules=("board", "four"), kinds=("reader", "constant", "registered", "patch", "object")
)


def changes_with_results_alone(project: Project) -> None:
    """Change each definition, or drop it; compare what every function gives and its digest."""
    with written(project) as folder:
        before, digest = results(folder, project), digests(folder, project)
    for item, is_all, changed in project.edits():
        with written(changed) as folder:
            after, new = results(folder, changed), digests(folder, changed)
        for entry in changed.entries():
            # A module that cannot be imported any more gives no result, nor a wrong one.
            fails = entry.number not in after or entry.number not in before
            if not fails and after[entry.number] != before[entry.number]:
                event("the result changed")
                assert new[entry.number] != digest[entry.number], (item, entry)
            elif is_all and item.number not in may_count(project, entry):
                event("out of reach")
                assert new[entry.number] == digest[entry.number], (item, entry)


def changes_with_order(project: Project) -> None:
    """Let statements change places; where that changes a result, the digest changes."""
    with written(project) as folder:
        before, digest = results(folder, project), digests(folder, project)
    for at in range(len(project.order) - 1):
        order = list(project.order)
        order[at], order[at + 1] = order[at + 1], order[at]
        if project.items[at].module != project.items[at + 1].module:
            continue
        changed = replace(project, order=tuple(order))
        with written(changed) as folder:
            after, new = results(folder, changed), digests(folder, changed)
        for number, result in after.items():
            if number in before and result != before[number]:
                event("the result changed")
                assert new[number] != digest[number], (at, number)


@given(projects())
@settings(max_examples=20, deadline=None)
def test_a_digest_changes_with_the_result_of_its_function_and_by_nothing_it_cannot_reach(
    project: Project,
) -> None:
    changes_with_results_alone(project)


@given(ORDERED)
@settings(max_examples=20, deadline=None)
def test_a_digest_changes_with_the_result_where_statements_change_places(project: Project) -> None:
    changes_with_order(project)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@given(projects())
@settings(max_examples=5_000, deadline=None)
def test_thousands_of_projects_change_their_digests_with_their_results_alone(
    project: Project,
) -> None:
    changes_with_results_alone(project)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@given(ORDERED)
@settings(max_examples=2_000, deadline=None)
def test_thousands_of_projects_change_their_digests_with_the_order(project: Project) -> None:
    changes_with_order(project)
