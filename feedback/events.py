"""The event contract: what an app may report about a customer's actions, and why a row is rejected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.message_ids import Id

#: PostgreSQL keeps every character but this one.
STORABLE: Final = r"^[^\x00]*\z"
Text = Annotated[str, StringConstraints(max_length=1000, pattern=STORABLE)]

Row = TypeVar("Row", bound=BaseModel)

LOWEST_RATING, HIGHEST_RATING = 1, 5


def _refusal(reason: str, **values: str) -> PydanticCustomError:
    # Half a surrogate pair, which JSON may hold, could not be written into the reason.
    printable = {name: value.encode(errors="backslashreplace").decode() for name, value in values.items()}
    return PydanticCustomError("event", reason, printable)  # pyright: ignore[reportArgumentType]


def _known_type(event_type: str) -> str:
    if event_type not in event_types.EVENT_TYPES:
        raise _refusal("'{value}' is none of {types}", value=event_type, types=", ".join(event_types.EVENT_TYPES))
    return event_type


def _seconds(value: Any) -> Any:
    """Seconds since 1970 of a time written as ISO 8601 with its zone, or already as seconds."""
    if not isinstance(value, str):
        return value
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise _refusal("'{value}' is not a time; write ISO 8601, as 2025-06-30T12:00:00Z", value=value) from None
    if time.tzinfo is None:
        raise _refusal("'{value}' has no time zone; write it as 2025-06-30T12:00:00Z", value=value)
    return time.timestamp()


class CustomerEvent(BaseModel):
    """One action of a customer.

    Attributes:
        event_id: Chosen by the app; the same one twice counts once.
        customer_id: Who did it.
        type: What was done, one of ``event_types.EVENT_TYPES``.
        time: When, in seconds since 1970; apps may send ISO 8601 with a zone.
        session_id: The visit it belongs to.
        product_id: The product; only a search and an avoidance go without.
        query: What was searched for, or the ingredient or family that the customer declares to avoid.
        value: The rating, 1 to 5, of ``rate_recommendation``, or the quantity of a purchase.
        request_id: The recommendation that it responds to, by the id that the endpoint gave.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    event_id: Id
    customer_id: Id
    type: Annotated[str, AfterValidator(_known_type)]
    time: Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]
    session_id: Id | None = None
    product_id: Id | None = Field(default=None, validate_default=True)
    query: Text | None = Field(default=None, validate_default=True)
    value: Annotated[float, Field(allow_inf_nan=False)] | None = Field(default=None, validate_default=True)
    request_id: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_object(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            raise _refusal("an event is a JSON object")
        return row

    @field_validator("time")
    @classmethod
    def _not_ahead(cls, time: float, info: ValidationInfo) -> float:
        latest = (info.context or {}).get("latest")
        if latest is not None and time > latest:
            raise _refusal("the time lies in the future")
        return time

    @field_validator("product_id")
    @classmethod
    def _has_product(cls, product: str | None, info: ValidationInfo) -> str | None:
        if product is None and info.data.get(c.TYPE, event_types.SEARCH) not in event_types.WORDED_TYPES:
            raise _refusal("'{type}' needs a product_id", type=info.data[c.TYPE])
        return product

    @field_validator("query")
    @classmethod
    def _has_query(cls, query: str | None, info: ValidationInfo) -> str | None:
        if not (query or "").strip() and info.data.get(c.TYPE) in event_types.WORDED_TYPES:
            needed = "its query" if info.data[c.TYPE] == event_types.SEARCH else "the ingredient in query"
            raise _refusal("'{type}' needs {needed}", type=info.data[c.TYPE], needed=needed)
        return query

    @field_validator("value")
    @classmethod
    def _has_meaning(cls, value: float | None, info: ValidationInfo) -> float | None:
        rated = info.data.get(c.TYPE) == event_types.RATE_RECOMMENDATION
        if rated and (value is None or not LOWEST_RATING <= value <= HIGHEST_RATING):
            raise _refusal("a rating is a number from 1 to 5")
        bought = info.data.get(c.TYPE) == event_types.PURCHASE
        if bought and value is not None and (value < 1 or not value.is_integer()):
            raise _refusal(
                "the value of a purchase is a whole number of pieces, from 1 on; returns come with the shop's tables"
            )
        return value


class Rejection(BaseModel):
    """Why the row at ``index`` of a request was rejected."""

    index: int
    field: str
    reason: str

    @classmethod
    def from_error(cls, index: int, error: ValidationError) -> Self:
        """The first fault of a row."""
        first = error.errors(include_url=False, include_input=False)[0]
        return cls(index=index, field=str(first["loc"][0]) if first["loc"] else "", reason=first["msg"])


def parse_events(rows: Sequence[Any], latest: float | None = None) -> tuple[list[CustomerEvent], list[Rejection]]:
    """The valid events among ``rows``, and why each other one was rejected.

    A time after ``latest``, in seconds since 1970, is rejected.
    """
    return validate_rows(CustomerEvent, rows, {"latest": latest})


def validate_rows(
    contract: type[Row], rows: Sequence[Any], context: dict[str, Any] | None = None
) -> tuple[list[Row], list[Rejection]]:
    """The rows that satisfy a contract, whose validators get ``context``, and why each other one does not."""
    valid: list[Row] = []
    rejected: list[Rejection] = []
    for index, row in enumerate(rows):
        try:
            valid.append(contract.model_validate(row, context=context))
        except ValidationError as error:
            rejected.append(Rejection.from_error(index, error))
    return valid, rejected
