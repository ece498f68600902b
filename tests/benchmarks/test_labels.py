"""That the figures of labels by language tell what was read, what was refused and what could hide."""

import pytest

from benchmarks.labels.benchmark import label_figures
from infrastructure.errors import DataError


def test_each_language_has_its_shares(tmp_path):
    (tmp_path / "de.txt").write_text("Aqua, Mandelöl, Zyxamid\n\nAqua, Extrakt aus Truckelwurz\n", encoding="utf-8")
    (tmp_path / "fr.txt").write_text("Aqua, Parfum\n", encoding="utf-8")
    figures = label_figures(tmp_path)
    assert "| de | 2 | 5 | 80.0% | 20.0% | 50.0% |" in figures
    assert "de: understood, not recognised: Zyxamid (1)" in figures
    assert "de: refused: Extrakt aus Truckelwurz (1)" in figures
    assert "fr: understood, not recognised: none" in figures


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(DataError, match="no labels"):
        label_figures(tmp_path)
