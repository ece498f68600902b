"""Take the schemas of every kind that k8s/ uses from the API of the cluster that KUBECONFIG names: ``make schemas``.

What is taken from a real API server (``/openapi/v3``) is what it would hold the manifests against. Descriptions are
left out, unknown keys are refused, and what stands several times in a schema is written once.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from deployment.kubectl import kubectl
from deployment.manifests import nested_mappings
from tests.support.manifests import BUILDS, K8S, build

SCHEMAS: Final = Path(__file__).with_name("schemas")
REFERENCE: Final = "#/components/schemas/"
DEFINITION: Final = "#/definitions/"
#: Begins what Go's regular expressions know in the midst of a pattern, and JSON schema's do not.
GO_ONLY: Final = "(?"
#: Worth a place of its own where it stands more than once.
LONG: Final = 300
UNKNOWN_ALLOWED: Final = "x-kubernetes-preserve-unknown-fields"
TEXT_OR_NUMBER: Final = "x-kubernetes-int-or-string"
KEPT: Final = frozenset(
    [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "enum",
        "items",
        "maximum",
        "maxItems",
        "maxLength",
        "minimum",
        "minItems",
        "minLength",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "type",
    ]
)

Schema = dict[str, Any]


def main() -> None:
    """Write one file a kind, and remove those of kinds that are used no more."""
    for file in SCHEMAS.glob("*.json"):
        file.unlink()
    for api, kind in sorted({(m["apiVersion"], m["kind"]) for folder in BUILDS for m in build(K8S / folder)}):
        text = json.dumps(schema_of(api, kind), indent=1, sort_keys=True)
        schema_file(api, kind).write_text(f"{text}\n")


def schema_file(api: str, kind: str) -> Path:
    """Where the schema of a kind is kept."""
    return SCHEMAS / f"{kind.lower()}-{api.replace('/', '_')}.json"


def schema_of(api: str, kind: str) -> Schema:
    """The JSON schema of a kind, whole in itself."""
    group, _, version = api.rpartition("/")
    document = json.loads(kubectl("get", "--raw", f"/openapi/v3/{'apis' if group else 'api'}/{api}"))
    every = document["components"]["schemas"]
    wanted = {"group": group, "kind": kind, "version": version}
    (name,) = [name for name, one in every.items() if wanted in one.get("x-kubernetes-group-version-kind", [])]
    schema = {**every[name], "properties": {k: v for k, v in every[name]["properties"].items() if k != "status"}}
    plain, definitions = strict(schema), {}
    pending = referred(plain)
    while pending:
        one = pending.pop()
        if one not in definitions:
            definitions[one] = strict(every[one])
            pending |= referred(definitions[one])
    plain["properties"] |= {"apiVersion": {"enum": [api]}, "kind": {"enum": [kind]}}
    return {**shared(plain, definitions), "required": sorted({*plain.get("required", ()), "apiVersion", "kind"})}


def strict(schema: Schema) -> Schema:
    """The schema without words for people, which refuses what it does not know."""
    if schema.get(TEXT_OR_NUMBER):
        return {"type": ["integer", "string"]}
    kept: Schema = {}
    for key in KEPT & set(schema):
        value = schema[key]
        if key == "pattern" and GO_ONLY in value:
            continue
        if key == "properties":
            kept[key] = {name: strict(one) for name, one in value.items()}
        elif key in ("allOf", "anyOf", "oneOf"):
            kept[key] = [strict(one) for one in value]
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            kept[key] = strict(value)
        else:
            kept[key] = value.replace(REFERENCE, DEFINITION) if key == "$ref" else value
    if "properties" in kept and "type" in kept and not schema.get(UNKNOWN_ALLOWED):
        kept.setdefault("additionalProperties", False)
    return kept


def referred(schema: Schema) -> set[str]:
    """Names of the definitions that a schema points to."""
    pointers = (one.get("$ref") for one in nested_mappings(schema))
    return {one.removeprefix(DEFINITION) for one in pointers if isinstance(one, str)}


def shared(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """The schema with each long part that stands several times in it among the definitions, once."""
    counts = Counter(parts(schema))
    often = sorted(text for text, count in counts.items() if count > 1 and len(text) > LONG)
    names = {text: f"part{number}" for number, text in enumerate(often)}
    found: dict[str, Schema] = {}

    def once(part: Any) -> Any:
        if isinstance(part, list):
            return [once(one) for one in part]
        if not isinstance(part, dict):
            return part
        made = {key: once(value) for key, value in part.items()}
        name = names.get(json.dumps(part, sort_keys=True))
        if name is None:
            return made
        found[name] = made
        return {"$ref": f"{DEFINITION}{name}"}

    return {**once(schema), "definitions": {**definitions, **found}}


def parts(schema: Schema) -> Iterator[str]:
    """Every schema of an object below this one, as text."""
    return (json.dumps(one, sort_keys=True) for one in nested_mappings(schema) if {"type", "properties"} <= set(one))


if __name__ == "__main__":
    main()
