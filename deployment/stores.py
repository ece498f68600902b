"""Passwords of the stores that an overlay brings: made once, kept in the one Secret that all pods refer to."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from deployment.kubectl import Manifest, apply, get
from deployment.manifests import nested_mappings

SECRET: Final = "stores"  # noqa: S105 (its name)
ADDRESS: Final = "beauty-recommender/address"
KEY: Final = "beauty-recommender/secret-key"
"""Annotations of a store's StatefulSet: its address with ``{password}``, and the Secret's key that gets it."""


def create_passwords(manifests: Sequence[Manifest], namespace: str) -> list[str]:
    """Give each store without a password one, and its clients an address with it; returns the names of these stores.

    An existing password stays: the store was created with it.

    Raises:
        DeploymentError: The cluster refuses.
    """
    secret = get("secret", SECRET, namespace) or {}
    known: dict[str, str] = secret.get("data") or {}
    new = {store: values for store, values in _new_values(manifests).items() if not set(values) <= set(known)}
    if new:
        data = {
            **known,
            **{key: b64encode(text.encode()).decode() for values in new.values() for key, text in values.items()},
        }
        metadata = {"name": SECRET, "namespace": namespace}
        apply({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data})
    return sorted(new)


def missing_keys(manifests: Sequence[Manifest]) -> set[str]:
    """The keys of the Secret that pods refer to and that no store of the same manifests brings."""
    brought = {key for values in _new_values(manifests).values() for key in values}
    return {key for manifest in manifests for key in _referenced_keys(manifest)} - brought


def _new_values(manifests: Sequence[Manifest]) -> dict[str, dict[str, str]]:
    """By store that the manifests bring: its keys of the Secret, with a new password in their values."""
    values: dict[str, dict[str, str]] = {}
    for manifest in manifests:
        metadata = manifest["metadata"]
        notes = metadata.get("annotations", {})
        if ADDRESS in notes:
            password = secrets.token_hex(16)
            address = notes[ADDRESS].format(password=password)
            values[metadata["name"]] = {f"{metadata['name']}-password": password, notes[KEY]: address}
    return values


def _referenced_keys(manifest: Manifest) -> set[str]:
    """Keys of the Secret that containers anywhere below ``manifest`` get as variables."""
    references = (mapping.get("secretKeyRef", {}) for mapping in nested_mappings(manifest))
    return {ref["key"] for ref in references if ref.get("name") == SECRET and not ref.get("optional")}
