"""The record of a tag's move to canonical JSON and back."""

from __future__ import annotations

from ...compiler.canonical import CanonicalValue
from .content_json import point_record, read_digest, read_point
from .fields import Fields
from .records import TagMove, TagTarget
from .sealed import damaged_record, seal, unseal


def encode_move(move: TagMove) -> bytes:
    """Return a move as bytes."""
    fields: dict[str, CanonicalValue] = {
        "pipeline": move.pipeline,
        "artifact": move.artifact,
        "tag": move.tag,
        "number": move.number,
        "targets": [
            {
                "point": point_record(target.point),
                "version": target.number,
                "digest": target.digest,
            }
            for target in move.targets
        ],
        "created": move.created,
        "host": move.host,
        "note": move.note,
        "nonce": move.nonce,
    }
    return seal("tag", fields)


def decode_move(data: bytes, place: str) -> TagMove:
    """Return the move in these bytes, read from `place`. Raises Damaged, NewerFormat."""
    fields = unseal("tag", data, place)
    try:
        return TagMove(
            pipeline=fields.text("pipeline"),
            artifact=fields.text("artifact"),
            tag=fields.text("tag"),
            number=fields.whole("number"),
            targets=fields.many("targets", _target),
            created=fields.text("created"),
            host=fields.text("host"),
            note=fields.text_or_none("note"),
            nonce=fields.text("nonce"),
        )
    except (ValueError, TypeError) as error:
        raise damaged_record(place) from error


def _target(fields: Fields) -> TagTarget:
    return TagTarget(
        point=read_point(fields, "point"),
        number=fields.whole("version"),
        digest=read_digest(fields, "digest"),
    )
