"""Who the customers are, and which concerns go with skin type, age and region."""

import numpy as np
import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.reports import wording
from recommender.reports.exploration.missing import is_without_value
from recommender.reports.page import Bars, Block, Section, Table, Text, share_bars

_AGE = "age"
_FEW = 30  # customers below which a group is not compared
_CONCERNS = 9
_GROUPS = 10
_DECADE = 10  # years


def people_section(tables: Tables, year: int | None) -> Section | None:
    """Distribution of skin type, age and region, and declared concerns by each of them.

    Ages are counted at ``year``; where that is None, as the data has no dates, by decade of birth.
    """
    if tables.customers is None or tables.customers.empty:
        return None
    customers = with_age_group(tables.customers, year)
    groups = [name for name in (c.SKIN_TYPE, _AGE, c.REGION) if name in customers and customers[name].notna().any()]
    declared = _declared_concerns(customers)
    blocks: list[Block] = [_distribution(customers[name], name) for name in groups]
    if not declared.empty:
        blocks.append(_concerns(declared))
        blocks += [t for t in (_concerns_by(declared, customers[name], name) for name in groups) if t]
    if not blocks:
        blocks.append(Text(("Nothing is known of the customers but their purchases.",)))
    return Section("Customers and their concerns", tuple(blocks))


def with_age_group(customers: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """``customers`` with a column "age": a band of ten years, or the decade of birth without a ``year``."""
    if c.BIRTH_YEAR not in customers:
        return customers
    born = customers[c.BIRTH_YEAR].dropna().astype(int)
    if year is None:
        return customers.assign(**{_AGE: "born " + (born // _DECADE * _DECADE).astype(str) + "s"})
    start = (year - born) // _DECADE * _DECADE
    return customers.assign(**{_AGE: start.map(lambda age: wording.span(age, age + _DECADE - 1))})


def _declared_concerns(customers: pd.DataFrame) -> pd.DataFrame:
    """One column a frequent concern, one row a customer who declared any: whether that one was declared."""
    if c.CONCERNS not in customers:
        return pd.DataFrame()
    lists = customers.loc[~is_without_value(customers[c.CONCERNS]), c.CONCERNS]
    if lists.empty:
        return pd.DataFrame()
    mentions = lists.explode().astype(str)
    frequent = mentions.value_counts().index[:_CONCERNS]
    return pd.crosstab(mentions.index, mentions).gt(0).reindex(columns=frequent)


def _distribution(values: pd.Series, name: str) -> Bars:
    shares = values.value_counts(normalize=True)
    shown = shares.head(_GROUPS)
    if name == _AGE:
        shown = shown.sort_index()
    title = name.replace("_", " ")
    says = (
        f"{wording.share(float(values.notna().mean()))} of the customers give their {title}; "
        f"“{shares.index[0]}” is the most frequent."
    )
    return Bars(f"Customers by {title}", says, share_bars(shown, longest=shares.iloc[0]))


def _concerns(declared: pd.DataFrame) -> Bars:
    shares = declared.mean().sort_values(ascending=False, kind="stable")
    bars = share_bars(shares, longest=shares.iloc[0])
    says = (
        f"{wording.count_of(len(declared), 'customer')} declare a concern, "
        f"most often {bars[0].label} ({bars[0].figure})."
    )
    return Bars("Concerns declared", says, bars)


def _concerns_by(declared: pd.DataFrame, group: pd.Series, name: str) -> Table | None:
    """The share of each group's declaring customers who have each concern; None without two groups to compare."""
    of = group.reindex(declared.index)
    sizes = of.value_counts()
    sizes = sizes[sizes >= _FEW].head(_GROUPS).sort_index()
    if len(sizes) < 2:
        return None
    shares = declared.groupby(of).mean().loc[sizes.index]
    cells = shares.to_numpy()
    title = name.replace("_", " ")
    return Table(
        title=f"Concerns by {title}",
        heads=(title, "customers", *map(str, shares.columns)),
        rows=tuple(
            (str(group), wording.count(size), *map(wording.share, line))
            for (group, size), line in zip(sizes.items(), cells, strict=True)
        ),
        align="lr" + "r" * shares.shape[1],
        says=_departure(shares, declared.mean()),
        shades=tuple((0.0, 0.0, *line) for line in (cells / cells.max()).tolist()),
    )


def _departure(shares: pd.DataFrame, overall: pd.Series) -> str:
    """A sentence on the cell that differs most from all customers."""
    cells, common = shares.to_numpy(), overall.to_numpy()
    differences = np.abs(cells - common)
    row, column = np.unravel_index(differences.argmax(), differences.shape)
    return (
        f"Of {wording.count(differences.size)} cells, the one farthest from all customers together: "
        f"{shares.columns[column]} is declared by {wording.share(float(cells[row, column]))} of "
        f"“{shares.index[row]}”, by {wording.share(float(common[column]))} overall."
    )
