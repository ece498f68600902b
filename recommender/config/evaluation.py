"""How models are judged (the split, the metrics' cut-off, the gate), and how parameters are searched for."""

from datetime import date
from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings

SplitKind = Literal["last", "time", "random", "rolling", "customers"]


class GateSettings(Settings):
    """When a challenger replaces the champion."""

    margin: float = Field(default=0.02, ge=0, description="loss of NDCG that is allowed, as a share of the champion's")
    erasure_margin: float = Field(
        default=0.25,
        ge=0,
        description="the same while the champion was trained before a customer was erased, and so still knows them",
    )
    most_margin: float = Field(
        default=0.3,
        ge=0,
        description="to which `margin` is widened at most where few customers are tested, so that a model as good as "
        "the champion passes with the chance `power`; 0 never widens it",
    )
    power: float = Field(
        default=0.8, gt=0.5, lt=1, description="chance of an equally good model to pass, where the margin is widened"
    )
    likeness: float = Field(
        default=0.75,
        ge=0,
        lt=1,
        description="correlation, over customers, of the NDCG of two equally good models, from which the widened "
        "margin is computed (another seed's model: docs/figures/gate-by-customers.md)",
    )
    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="of the paired bootstrap's one-sided bound")
    minimum_coverage: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="share of the products in stock that are recommended to anybody, as a share of the champion's",
    )
    most_lost: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="share of the champion's training data that may be missing in today's data; more means that the "
        "data is broken (set it to 1 for one training when the data was meant to change)",
    )
    slice_margin: float = Field(
        default=0.25, ge=0, description="loss of NDCG that is allowed in a slice, as a share of the champion's"
    )
    most_milliseconds: float = Field(
        default=100.0,
        gt=0,
        description="that the median answer to one customer may take, on the machine that evaluates",
    )
    most_megabytes: float = Field(default=1000.0, gt=0, description="size of the bundle's files, at most")
    minimum_slice: int = Field(default=200, ge=1, description="customers that a slice needs to be judged")


class EvaluationSettings(Settings):
    """How models are judged."""

    gate: GateSettings = GateSettings()
    split: SplitKind = Field(
        default="last",
        description="what is held out: each customer's last product; the first new ones from a date on (time; rolling: "
        "at several dates); a random share of each customer's products; whole customers, known by profile alone",
    )
    split_date: date | None = Field(
        default=None,
        description="of the split by time: the first day that is held out; without it test_share decides",
    )
    test_share: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        description="what is held out: of all uses (time, rolling), of each customer's products (random), of customers",
    )
    targets: int = Field(
        default=1, ge=1, description="held-out new products of each customer (time, rolling): the first so many"
    )
    folds: int = Field(default=3, ge=2, description="rolling origins")
    baselines: tuple[str, ...] = Field(
        default=("popularity", "item_knn", "groups", "bought_together"),
        description="simple models that brief and model card compare with the model, where the data allows them",
    )
    minimum_history: int = Field(
        default=2,
        ge=2,
        description="customers with fewer different products are not tested, so that one product always stays",
    )
    k: int = Field(default=10, ge=1, le=100, description="list length of HR@k, NDCG@k and the rest")
    resamples: int = Field(default=1000, ge=100, description="bootstrap resamples behind each interval")


class TuningSettings(Settings):
    """The search over blend weights and re-ranker parameters, on purchases hidden below the held-out ones."""

    trials: int = Field(default=100, ge=1, description="blends tried")
    trials_alone: int = Field(default=6, ge=1, description="settings tried of each family alone")
    trials_ranker: int = Field(default=10, ge=0, description="re-rankers tried; 0 leaves its parameters as they are")
    customers: int = Field(
        default=4000, ge=10, description="customers that a trial is judged on; what it finds is confirmed on all"
    )
    draws: int = Field(
        default=4, ge=1, description="purchases hidden from each customer, one at a time, where there are no dates"
    )
    startup: int = Field(default=20, ge=1, description="trials drawn at random before the sampler learns from them")
