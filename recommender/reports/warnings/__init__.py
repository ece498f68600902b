"""What would spoil a model of this data, in sentences: the first thing that a first run says."""

import pandas as pd

from infrastructure.progress import note
from recommender.config.preparation import WarningSettings
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.reports.warnings.one_value import one_value
from recommender.reports.warnings.rejected_rows import rejected_rows
from recommender.reports.warnings.same_day import same_day
from recommender.reports.warnings.single_purchases import single_purchases


def data_warnings(tables: Tables, quarantine: pd.DataFrame, settings: WarningSettings) -> list[str]:
    """What is unusual about clean tables and the rejected rows' records; each is reported as it is found."""
    known = without_imputed_values(tables)
    found = [
        *rejected_rows(known, quarantine, settings.quarantined_share),
        *same_day(known, settings.same_day_share),
        *single_purchases(known, settings.single_product_share),
        *one_value(known, settings.one_value_rows),
    ]
    for warning in found:
        note(f"warning: {warning}")
    return found
