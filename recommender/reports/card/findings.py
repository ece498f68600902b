"""Sentences computed from an evaluation: what was held out, and what the figures cannot show."""

from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.evaluation.bundle_evaluation import Evaluation
from recommender.models.products.catalogue import Catalogue
from recommender.reports import wording


def split_sentence(evaluation: Evaluation, config: RecommenderConfig) -> str:
    """What was held out, and what the model was fitted on."""
    refitted = " and then fitted again with everything" if config.model.refit else ""
    return f"{_held_out(evaluation, config)} The model was fitted on the rest, judged by where it ranks them{refitted}."


def _held_out(evaluation: Evaluation, config: RecommenderConfig) -> str:
    settings = config.evaluation
    share = wording.share(settings.test_share)
    least = f"every customer with at least {settings.minimum_history}"
    if evaluation.split == "random":
        return f"{share} of the products of {least}, drawn by the seed, were held out."
    if evaluation.split == "customers":
        return f"All that {share} of the customers did was held out; the model was given their profile alone."
    if evaluation.split == "last":
        which = "The last product" if _dated(evaluation) else "One product, drawn by the seed,"
        return f"{which} of {least} was held out."
    most = "product" if settings.targets == 1 else f"{settings.targets} products"
    return f"All from {evaluation.date} on was held out; to be found is each earlier customer's first new {most}."


def variants_sentence(evaluation: Evaluation) -> str:
    """What of the held-out products is no new product, and what counting it would change; empty without variants."""
    found = evaluation.variants
    if not found:
        return ""
    told = wording.share(found["share"])
    of_these = f" With such a product, {found['hr']:.1%} find it in any variant." if "hr" in found else ""
    return (
        f"{told} of the held-out products are another size, pack or shade of what the customer has: lists leave these "
        f"out, and the figures do not count them. With them, {found['hr_all']:.1%} of the customers would find a "
        f"product.{of_these}"
    )


def limits_of_data(evaluation: Evaluation, catalogue: Catalogue, few: int) -> tuple[str, ...]:
    """What this data cannot show, one sentence each; ``few`` customers make a part that is judged by itself."""
    found = (_order(evaluation), _skin(evaluation), _ingredients(catalogue), _small_parts(evaluation, few))
    return tuple(sentence for sentence in found if sentence)


def _dated(evaluation: Evaluation) -> bool:
    return bool(evaluation.ranks[c.TIME].notna().any())


def _order(evaluation: Evaluation) -> str:
    if not _dated(evaluation):
        return (
            "The data has no dates: how well the model predicts later purchases is not tested, "
            "and neither seasons nor trends are learned."
        )
    if evaluation.split in ("time", "rolling"):
        return f"The figures are of one period, from {evaluation.date} on; another may be easier or harder."
    same_day = evaluation.ranks["same_day"].astype(bool).mean()
    return (
        f"{wording.share(float(same_day))} of the held-out products were used on the same day as the one before them; "
        f"such are easier to find. Other customers' purchases of later days were in the training, which a model "
        f"that answers today does not have."
    )


def _skin(evaluation: Evaluation) -> str:
    if any(row["slice"] == "skin type" for row in evaluation.slices):
        return ""
    return "No tested customer has a skin type: nothing is known of how the model serves different skins."


def _ingredients(catalogue: Catalogue) -> str:
    known = float(catalogue.ingredients_known.mean()) if len(catalogue) else 0.0
    if known == 0:
        return (
            "No product has a list of ingredients, so nothing that a customer avoids can be checked; the setting "
            "rules.unknown_ingredients decides whether such a customer is then shown nothing."
        )
    if known == 1:
        return ""
    return f"{wording.share(1 - known)} of the products have no list of ingredients; of these nothing can be said."


def _small_parts(evaluation: Evaluation, few: int) -> str:
    small = [f"{row['slice']} {row['value']}" for row in evaluation.slices if row["customers"] < few]
    if not small:
        return ""
    return f"With fewer than {few} customers tested, these parts' figures are uncertain: {wording.enumeration(small)}."
