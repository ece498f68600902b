"""What a client may send: strict messages whose limits stand here, once.

A misspelt key is refused, not passed over: an ``avoided_ingredient`` that nobody reads would be a promise broken.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from infrastructure.errors import RequestError
from recommender.contract.query import MAXIMUM_K, Profile

_SHOWN_CHARACTERS = 80

CustomerId = Annotated[str, StringConstraints(max_length=256)]
ProductId = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
RequestId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
K = Annotated[int, Field(ge=1, le=MAXIMUM_K)]
Price = Annotated[float, Field(ge=0)]

M = TypeVar("M", bound="Message")


class Message(BaseModel):
    """A part of a request: no type is guessed, no key is passed over, no number is infinite."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class ProfileMessage(Message):
    """What the caller knows or wishes beside the customer's stored history; everything may be missing."""

    age: Annotated[int, Field(ge=0, le=130)] | None = None
    region: Text | None = None
    skin_type: Literal["dry", "oily", "combination", "normal", "sensitive"] | None = None
    concerns: Annotated[tuple[Text, ...], Field(max_length=50)] | None = None
    avoided_ingredients: Annotated[tuple[Text, ...], Field(max_length=200)] | None = None
    avoid_unknown_ingredients: bool | None = None
    category: Text | None = None
    min_price: Price | None = None
    max_price: Price | None = None
    recent: Annotated[tuple[ProductId, ...], Field(max_length=100)] | None = None
    similar_to: ProductId | None = None
    exclude: Annotated[tuple[ProductId, ...], Field(max_length=1000)] | None = None
    rebuys: Annotated[int, Field(ge=0, le=MAXIMUM_K)] | None = None

    def profile(self) -> Profile:
        """The same as the engine's type; ``recent`` and ``similar_to`` are history, not profile."""
        return Profile(
            age=self.age,
            region=self.region,
            skin_type=self.skin_type,
            concerns=self.concerns or (),
            avoided_ingredients=self.avoided_ingredients or (),
            avoid_unknown_ingredients=self.avoid_unknown_ingredients,
            category=self.category,
            min_price=self.min_price,
            max_price=self.max_price,
            exclude=self.exclude or (),
            rebuys=self.rebuys,
        )


class Instance(Message):
    """What is asked for one customer; without ``customer_id`` for nobody in particular."""

    customer_id: CustomerId = ""
    k: K | None = None
    profile: ProfileMessage | None = None


def parse(kind: type[M], text: bytes | str, *, within: str = "") -> M:
    """``text`` (JSON) as a ``kind``.

    Args:
        kind: The message expected.
        text: JSON, as it came.
        within: The field that held ``text``, where it is not the whole body.

    Raises:
        RequestError: It is not JSON or not such a message; the error names the first wrong field.
    """
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise _refusal(error, kind, within) from None


def check(kind: type[M], values: dict[str, Any], *, within: str) -> M:
    """``values`` as a ``kind``.

    Raises:
        RequestError: They are no such message; the error names the first wrong field.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _refusal(error, kind, within) from None


def _refusal(error: ValidationError, kind: type[Message], within: str) -> RequestError:
    detail: Any = error.errors(include_url=False, include_context=False)[0]
    location = detail["loc"]
    field = ".".join(filter(None, [within, *map(str, location)]))
    unknown_key = detail["type"] == "extra_forbidden"
    return RequestError(
        "The request cannot be read.",
        field=field or "body",
        # Never the whole body, and never a customer.
        value=None if not location or field.endswith("customer_id") else _shown(detail["input"]),
        expected=f"one of: {', '.join(_keys_at(kind, location[:-1]))}" if unknown_key else detail["msg"],
    )


def _keys_at(kind: type[Message], location: Iterable[Any]) -> list[str]:
    """The keys that the message at ``location`` takes."""
    for part in location:
        if isinstance(part, str):
            kind = _message_in(kind.model_fields[part].annotation) or kind
    return sorted(kind.model_fields)


def _message_in(annotation: Any) -> type[Message] | None:
    """The message that stands in an annotation such as ``tuple[Message, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Message):
        return annotation
    return next(filter(None, map(_message_in, get_args(annotation))), None)


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
