"""A type of GPU is asked for together with a GPU."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.contracts import GPU_TYPE_WITHOUT_GPUS
from ..diagnostic import Diagnostic, Label
from ..document import Node, Scalar
from ..pipeline import Pipeline


def gpu_type_without_gpus(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report `gpu_type` without `gpus`, or with `gpus: 0`; what is computed is not judged."""
    for transformation in pipeline.spec.transformations:
        if transformation.name.text in pipeline.doubtful.resources:
            continue
        resources = transformation.resources
        if resources.gpu_type is not None and _is_none(resources.gpus):
            yield Diagnostic(
                code=GPU_TYPE_WITHOUT_GPUS,
                message=f"`{transformation.name.text}` asks for a `gpu_type`, but for no GPU",
                primary=Label(span=resources.gpu_type.span),
                help="add `gpus: 1`, or remove `gpu_type`",
            )


def _is_none(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.value == 0)
