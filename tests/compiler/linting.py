"""Pipelines of one function, whose code is linted."""

from __future__ import annotations

import textwrap
from pathlib import Path

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.driver import compile_file
from reprocc.compiler.workspace import Workspace

SPEC = """\
reprocc: 1
name: a
artifacts:
  raw: {kind: table, source: raw.csv}
  old: {kind: file, source: old.bin}
  out: {kind: file}
environments:
  default: {variables: {GIVEN: "1"}, pass: [PASSED]}
transformations:
  make: {python: "m:make", inputs: [raw, old], outputs: [out]ALSO}
"""
HEAD = """\
import asyncio, datetime, functools, glob, hashlib, json, logging, os, random, secrets, subprocess
import sys, time, uuid
import numpy as np
import pandas as pd
from concurrent.futures import as_completed
from pathlib import Path
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV, KFold, RandomizedSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.utils import shuffle

logger = logging.getLogger(__name__)
"""


def lint(folder: Path, files: dict[str, str], also: str = "") -> list[Diagnostic]:
    """Compile a pipeline of one function, `m:make`, and return what is said."""
    texts = {"raw.csv": "a,b\n1,2\n", "old.bin": "x", **files}
    for name, text in {**texts, "pipeline.yaml": SPEC.replace("ALSO", also)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    compiled = compile_file(
        folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=Workspace()
    )
    assert compiled.plan is not None, compiled.diagnostics
    return list(compiled.diagnostics)


def module(body: str, head: str = HEAD) -> str:
    """Return a module with `make`, whose body or whole this is."""
    body = textwrap.dedent(body).strip("\n")
    if "def make(" in body:
        return f"{head}\n{body}\n"
    return f"{head}\ndef make(raw, old, out, seed=0):\n{textwrap.indent(body, '    ')}\n"


def names(found: list[Diagnostic]) -> list[str]:
    return [diagnostic.code.name for diagnostic in found]
