"""What a client may send: strict messages, with their limits.

A misspelt key is refused and not ignored: an ``avoided_ingredient`` that nobody reads would break a promise.
"""

from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from infrastructure.errors import RequestError
from infrastructure.settings import allowed_keys
from recommender.contract.columns import SkinType
from recommender.contract.identifiers import MAXIMUM_LENGTH
from recommender.contract.message_ids import NORMALISED, Id, IdOrNobody, IdText
from recommender.contract.query import MAXIMUM_K, PROFILE_FIELDS, Profile

_LONGEST_VALUE: Final = 80

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
RequestId = Annotated[str, StringConstraints(pattern=rf"^[!-~]{{1,{MAXIMUM_LENGTH}}}$")]
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
    skin_type: SkinType | None = None
    concerns: Annotated[tuple[Text, ...], Field(max_length=50)] | None = None
    avoided_ingredients: Annotated[tuple[Text, ...], Field(max_length=200)] | None = None
    avoid_unknown_ingredients: bool | None = None
    category: Text | None = None
    min_price: Price | None = None
    max_price: Price | None = None
    recent: Annotated[tuple[IdText, ...], Field(max_length=100), NORMALISED] | None = None
    similar_to: Id | None = None
    exclude: Annotated[tuple[IdText, ...], Field(max_length=1000), NORMALISED] | None = None
    rebuys: Annotated[int, Field(ge=0, le=MAXIMUM_K)] | None = None

    def profile(self) -> Profile:
        """The fields that are set as the engine's type; ``recent`` and ``similar_to`` are history, not profile."""
        names = (name for name in self.model_fields_set if name in PROFILE_FIELDS)
        return Profile(**{name: value for name in names if (value := getattr(self, name)) is not None})


class Instance(Message):
    """What is asked for one customer; without ``customer_id`` for nobody in particular."""

    customer_id: IdOrNobody = ""
    k: K | None = None
    profile: ProfileMessage | None = None


def parse_message(kind: type[M], text: bytes | str, *, within: str = "") -> M:
    """``text`` (JSON), the whole body or the field ``within`` it, as a ``kind``.

    Raises:
        RequestError: It is not JSON or not such a message; the error names the first wrong field.
    """
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise _refusal(error, kind, within) from None


def validate_message(kind: type[M], values: dict[str, Any], *, within: str) -> M:
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
        value=None if not location or field.endswith("customer_id") else _shortened(detail["input"]),
        expected=f"one of: {', '.join(allowed_keys(kind, location[:-1]))}" if unknown_key else detail["msg"],
    )


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
