"""Requests that no node can hold, in words."""

from __future__ import annotations

from dataclasses import replace

from reprocc.cluster.engine.feasibility import ClusterNode, why_infeasible
from reprocc.compiler.plan import Resources

ASKED = Resources(cpus=1, gpus=0, gpu_type=None, memory=None, labels=(), custom=())
NODE = ClusterNode(
    name="big",
    cpus=8,
    gpus=1,
    memory=2**34,
    accelerators=frozenset({"T4"}),
    labels=(("zone", "a"),),
    custom=(("disk", 2.0),),
)
SMALL = replace(NODE, name="small", cpus=1, gpus=0, accelerators=frozenset(), custom=())


def test_a_request_that_one_node_can_hold_is_feasible() -> None:
    assert why_infeasible(replace(ASKED, cpus=4, gpus=0.5), (SMALL, NODE)) is None


def test_a_request_must_fit_one_node_not_their_sum() -> None:
    said = why_infeasible(replace(ASKED, cpus=9), (NODE, NODE))
    assert said == "no node can hold it: big has 8 of 9 CPUs"


def test_the_nearest_node_is_named_with_all_that_it_lacks() -> None:
    wanted = replace(ASKED, cpus=4, gpu_type="A100", gpus=2, memory=2**35)
    said = why_infeasible(wanted, (SMALL, NODE))
    assert said == (
        "no node can hold it: big has 1 of 2 GPUs, no GPU of type A100, 16.0 GiB of 32.0 GiB memory"
    )


def test_labels_and_custom_resources_count() -> None:
    assert why_infeasible(replace(ASKED, labels=(("zone", "a"),)), (NODE,)) is None
    said = why_infeasible(replace(ASKED, labels=(("zone", "b"),), custom=(("disk", 3.0),)), (NODE,))
    assert said == "no node can hold it: big has no label zone=b, 2 of 3 disk"


def test_what_ray_counts_itself_is_no_custom_resource() -> None:
    node = replace(NODE, custom=(("CPU", 8.0),))
    said = why_infeasible(replace(ASKED, custom=(("CPU", 1.0),)), (node,))
    assert said == "`CPU` is no custom resource: ask for `cpus`"


def test_a_cluster_without_nodes_holds_nothing() -> None:
    assert why_infeasible(ASKED, ()) == "no node is alive"
