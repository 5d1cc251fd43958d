"""An example or two of each verb, for its help."""

from __future__ import annotations

Example = tuple[str, str]
"""What is typed, and what it does."""

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "init": (
        ("reprocc init", "Write a pipeline into the current folder."),
        ("reprocc init demand", "Write it into the folder `demand`, which is made."),
    ),
    "validate": (
        ("reprocc validate pipeline.yaml", "Print all that is wrong with a pipeline."),
        ("reprocc validate pipeline.yaml --fix", "Mend what is certainly meant otherwise."),
        ("reprocc validate */pipeline.yaml --format github", "Annotate a pull request."),
    ),
    "compile": (
        ("reprocc compile pipeline.yaml -o plan.json", "Write the plan, the same bytes anywhere."),
    ),
    "plan": (
        ("reprocc plan pipeline.yaml", "What has changed since the last run, and why it matters."),
        ("reprocc plan pipeline.yaml -p trees=50", "What another value would cause to run."),
    ),
    "submit": (
        ("reprocc submit pipeline.yaml", "Run what has changed, on an embedded Ray."),
        ("reprocc submit pipeline.yaml -p trees=50", "Run it with another value."),
        ("reprocc submit pipeline.yaml --executor inline", "Run it without Ray, one by one."),
    ),
    "runs": (("reprocc runs -n 5", "The five newest runs."),),
    "show": (
        ("reprocc show", "The newest run, task by task."),
        ("reprocc show 20261122-17 --html", "A report of the run whose name begins so."),
    ),
    "logs": (
        ("reprocc logs", "All that the tasks of the newest run printed."),
        ("reprocc logs 'fit[depth=4]'", "What one task of it printed."),
    ),
    "artifacts": (("reprocc artifacts", "All artifacts, with their newest versions."),),
    "versions": (
        ("reprocc versions model", "The history of an artifact, at every point of its axes."),
        ("reprocc versions 'penguins/model[depth=4]'", "That of one point, the pipeline named."),
    ),
    "get": (
        ("reprocc get train -o train.parquet", "Copy the newest version of a table."),
        ("reprocc get 'model[depth=4]@2'", "Say where version 2 lies at that point."),
    ),
    "diff": (
        ("reprocc diff", "The newest run against the one before: inputs, code, metrics, outputs."),
        ("reprocc diff scores", "The newest version against the one before."),
        ("reprocc diff train@1 train@3", "What changed between two versions."),
    ),
    "tag": (
        ("reprocc tag best@3 production", "Let `best@production` mean version 3."),
        ("reprocc tag best --history", "When it meant what, and why."),
    ),
    "lineage": (
        ("reprocc lineage best", "What the newest version was made from."),
        ("reprocc lineage raw@2 --down", "What was made from a version."),
    ),
    "why": (
        ("reprocc why pipeline.yaml fit", "Which part of its fingerprint changed, old and new."),
    ),
    "explain": (
        ("reprocc explain unknown-key", "What the code means and what to do."),
        ("reprocc explain", "All codes."),
    ),
    "fsck": (
        ("reprocc fsck", "Look whether all is there that the records name."),
        ("reprocc fsck --deep --repair", "Hash every object; take what is damaged out of use."),
    ),
    "gc": (
        ("reprocc gc --keep 3", "What would go, and whether it could be made again."),
        ("reprocc gc --keep 3 --delete", "Remove it. Versions with a tag stay."),
    ),
    "schema": (("reprocc schema -o pipeline-1.json", "Write the schema for an editor to use."),),
    "completion": (
        ("source <(reprocc completion bash)", "Complete in this bash; in ~/.bashrc: in all."),
        ("source <(reprocc completion zsh)", "In ~/.zshrc, after `compinit`."),
        (
            "reprocc completion fish > ~/.config/fish/completions/reprocc.fish",
            "Complete in fish.",
        ),
    ),
}
