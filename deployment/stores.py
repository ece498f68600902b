"""Passwords of the stores that an overlay brings along: made once, kept in the one Secret that all pods refer to."""

import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final

from deployment.kubectl import Manifest, apply, get
from deployment.nested import mappings

SECRET: Final = "stores"  # noqa: S105 (its name)
ADDRESS: Final = "beauty-recommender/address"
KEY: Final = "beauty-recommender/secret-key"
"""Annotations of a store's StatefulSet: its address with ``{password}``, and the Secret's key that gets it."""


def make_passwords(manifests: Sequence[Manifest], namespace: str) -> list[str]:
    """Give each store that has none a password, and its clients an address with it; whose that are.

    A password that is there stays: the store has been made with it.

    Raises:
        DeploymentError: The cluster refuses.
    """
    found = get("secret", SECRET, namespace) or {}
    known: dict[str, str] = found.get("data") or {}
    new = {name: values for name, values in missing(manifests, known).items() if values}
    if new:
        data = {**known, **{key: _encoded(text) for values in new.values() for key, text in values.items()}}
        metadata = {"name": SECRET, "namespace": namespace}
        apply({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data})
    return sorted(new)


def missing(manifests: Sequence[Manifest], known: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By store: the keys of the Secret that are not known yet, with a new password in them."""
    return {store: values for store, values in _stores(manifests).items() if not set(values) <= set(known)}


def wanted(manifests: Sequence[Manifest]) -> set[str]:
    """The keys of the Secret that pods refer to and that no store of the same manifests brings."""
    brought = {key for values in _stores(manifests).values() for key in values}
    return {key for manifest in manifests for key in _referred(manifest)} - brought


def _stores(manifests: Sequence[Manifest]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for manifest in manifests:
        metadata = manifest["metadata"]
        notes = metadata.get("annotations", {})
        if ADDRESS in notes:
            password = secrets.token_hex(16)
            address = notes[ADDRESS].format(password=password)
            found[metadata["name"]] = {f"{metadata['name']}-password": password, notes[KEY]: address}
    return found


def _referred(manifest: Manifest) -> set[str]:
    """Keys of the Secret that containers anywhere below ``manifest`` get as variables."""
    references = (one.get("secretKeyRef", {}) for one in mappings(manifest))
    return {one["key"] for one in references if one.get("name") == SECRET and not one.get("optional")}


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
