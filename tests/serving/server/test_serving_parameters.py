from serving.__main__ import main


def test_the_parameters_that_a_source_names_hold(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("sed: 5\n")
    (tmp_path / "shop.yaml").write_text("name: shop\nsynthetic: {}\nconfig: own.yaml\n")
    assert main(["--source", "shop.yaml"]) == 1
    assert "own.yaml" in capsys.readouterr().err
