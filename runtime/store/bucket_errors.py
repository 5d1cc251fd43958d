"""Faults of object stores in the store's words."""

from __future__ import annotations

from .backend import StoreError
from .bucket import Fault, Service, Verb

_AGAIN = "try again; what was published is kept"


def bucket_error(
    fault: Fault, *, service: Service, bucket: str, place: str, verb: Verb
) -> StoreError:
    """Return what a fault means at a place, whose bucket it names, and what to do about it."""
    message, remedy = _said(fault, service, bucket, verb)
    return StoreError(message, place=place, remedy=remedy, can_retry=fault.is_transient)


def _said(fault: Fault, service: Service, bucket: str, verb: Verb) -> tuple[str, str | None]:
    number = "" if fault.status is None else f" (HTTP {fault.status})"
    match fault.kind:
        case "busy":
            return f"{service.title} was busy and stayed so{number}", _AGAIN
        case "broken":
            return f"{service.title} could not be reached, or broke off", (
                f"see that the network and the address of the server are right, and {_AGAIN}"
            )
        case "denied":
            return f"there is no permission to {verb} here", (
                f"give the account {service.permissions[verb]} on the bucket `{bucket}`, "
                "or choose another store with `--store`"
            )
        case "no-credentials":
            return f"there are no credentials for {service.title}", service.log_in
        case "credentials":
            return f"{service.title} does not accept the credentials{number}", service.log_in
        case "no-bucket" | "missing":
            return f"there is no bucket `{bucket}`", (
                f"make it with `{service.make.format(bucket=bucket)}`, "
                "or choose another store with `--store`"
            )
        case "taken" | "beyond" | "refused":
            return f"{service.title} refuses to {verb} here{number}", (
                f"see that the bucket `{bucket}` may be used so, "
                "or choose another store with `--store`"
            )
