"""Requests as applications send them, for the OpenAPI document; a test sends each of them."""

from typing import Any, Final

PREDICT: Final[dict[str, Any]] = {
    "known customer": {"instances": [{"customer_id": "c000001", "k": 5}]},
    "unknown customer with a profile": {
        "instances": [
            {
                "customer_id": "new-customer",
                "profile": {
                    "age": 34,
                    "skin_type": "dry",
                    "concerns": ["redness"],
                    "avoided_ingredients": ["fragrance", "parabens"],
                },
            }
        ]
    },
    "anonymous basket": {"instances": [{"profile": {"recent": ["p00001", "p00002"], "max_price": 40.0}}]},
    "several customers": {"instances": [{"customer_id": "c000001"}, {"customer_id": "c000002", "k": 3}]},
}

INFER: Final[dict[str, Any]] = {
    "several customers": {
        "inputs": [
            {"name": "customer_id", "shape": [2], "datatype": "BYTES", "data": ["c000001", "c000002"]},
            {"name": "k", "shape": [1], "datatype": "INT32", "data": [5]},
        ],
        "outputs": [{"name": "product_id"}, {"name": "score"}],
    },
    "profile": {
        "id": "request-1",
        "inputs": [
            {"name": "customer_id", "shape": [1], "datatype": "BYTES", "data": ["new-customer"]},
            {
                "name": "profile",
                "shape": [1],
                "datatype": "BYTES",
                "data": ['{"skin_type": "oily", "avoided_ingredients": ["drying alcohols"]}'],
            },
        ],
    },
}
