"""Jobs made from the suspended CronJobs of the manifests; kubectl is a stand-in here."""

import pytest

from deployment import jobs
from deployment.errors import DeploymentError, UnavailableError
from tests.support.manifests import K8S, build, one


@pytest.fixture
def cluster(monkeypatch):
    """What was applied, in order; the cluster holds the manifests' CronJobs and what was applied."""
    manifests, applied = build(K8S / "overlays" / "local"), []

    def get(kind, name, _namespace):
        known = [*manifests, *applied]
        kinds = {"cronjob": "CronJob", "job": "Job", "configmap": "ConfigMap"}
        found = [m for m in known if (m["kind"], m["metadata"]["name"]) == (kinds[kind], name)]
        return {**found[-1], "metadata": {**found[-1]["metadata"], "uid": f"uid of {name}"}} if found else None

    monkeypatch.setattr(jobs, "get", get)
    monkeypatch.setattr(jobs, "apply", applied.append)
    return applied


def pipeline(job):
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return container


@pytest.mark.usefixtures("cluster")
def test_a_job_is_what_its_cron_job_would_start():
    job = jobs.job_from_template("training", "training-1", "shop")

    template = one(build(K8S / "overlays" / "local"), "CronJob", "training")
    assert job["spec"] == template["spec"]["jobTemplate"]["spec"]
    assert (job["kind"], job["metadata"]["name"], job["metadata"]["namespace"]) == ("Job", "training-1", "shop")


@pytest.mark.usefixtures("cluster")
def test_without_the_platform_the_cure_is_told():
    with pytest.raises(DeploymentError, match="beauty deploy"):
        jobs.job_from_template("nothing", "nothing-1", "shop")


def test_a_submitted_data_set_takes_the_place_of_the_clusters(cluster):
    plain = jobs.job_from_template("training", "training-1", "shop")
    job = jobs.with_files(plain, "mine.yaml", "p.json")
    jobs.create_job(job, {"mine.yaml": "name: mine", "p.json": "{}"})

    files, started, _ = cluster
    assert started == job
    volume = next(v for v in job["spec"]["template"]["spec"]["volumes"] if v["name"] == "sources")
    mounts = {mount["name"]: mount["mountPath"] for mount in pipeline(job)["volumeMounts"]}
    assert files["data"] == {"mine.yaml": "name: mine", "p.json": "{}"}
    assert volume["configMap"]["name"] == files["metadata"]["name"]
    assert mounts["sources"] == f"/app/{jobs.FOLDER}"
    assert {"name": "SOURCE", "value": "sources/mine.yaml"} in pipeline(job)["env"]
    assert pipeline(job)["command"][-2:] == ["--config", "sources/p.json"]
    assert pipeline(plain)["command"] == pipeline(job)["command"][:-2], "the template stays as it was"


def test_what_was_submitted_goes_with_its_job(cluster):
    job = jobs.with_files(jobs.job_from_template("training", "training-1", "shop"), "a.yaml", "p.json")

    jobs.create_job(job, {"a.yaml": ""})

    (owner,) = cluster[-1]["metadata"]["ownerReferences"]
    assert (cluster[-1]["kind"], owner["kind"], owner["uid"]) == ("ConfigMap", "Job", "uid of training-1")
    assert cluster[-1]["data"] == {"a.yaml": ""}
    assert cluster[-1]["metadata"]["labels"] == job["metadata"]["labels"]


@pytest.mark.parametrize(("condition", "fails"), [("Complete", False), ("Failed", True)])
def test_a_job_is_followed_to_its_end(cluster, monkeypatch, condition, fails):
    jobs.create_job(jobs.job_from_template("training", "training-1", "shop"))
    cluster[-1]["status"] = {"conditions": [{"type": condition, "status": "True"}]}
    monkeypatch.setattr(jobs, "kubectl", lambda *_: "one\ntwo\n")
    told = []

    if fails:
        with pytest.raises(DeploymentError, match="two"):
            jobs.wait_for_job("training-1", "shop", 1, told.append)
    else:
        assert jobs.wait_for_job("training-1", "shop", 1, told.append) == "one\ntwo\n"
    assert told == ["one", "two"]


def test_a_job_is_followed_on_when_the_api_was_away(cluster, monkeypatch):
    jobs.create_job(jobs.job_from_template("training", "training-1", "shop"))
    cluster[-1]["status"] = {"conditions": [{"type": "Complete", "status": "True"}]}
    monkeypatch.setattr(jobs, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(jobs, "kubectl", lambda *_: "one\n")
    mishaps, get = [UnavailableError("The connection was refused.")] * 2, jobs.get

    def away_at_first(*asked):
        if mishaps:
            raise mishaps.pop()
        return get(*asked)

    monkeypatch.setattr(jobs, "get", away_at_first)

    assert jobs.wait_for_job("training-1", "shop", 60, lambda _: None) == "one\n"
    assert mishaps == []


@pytest.mark.usefixtures("cluster")
def test_a_job_is_waited_for_no_longer_than_it_may_take_while_the_api_is_away(monkeypatch):
    def away(*_):
        raise UnavailableError("The connection was refused.")

    monkeypatch.setattr(jobs, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(jobs, "get", away)
    monkeypatch.setattr(jobs, "kubectl", away)

    with pytest.raises(DeploymentError, match="did not end within"):
        jobs.wait_for_job("training-1", "shop", 0.05, lambda _: None)


@pytest.mark.usefixtures("cluster")
def test_a_job_may_run_another_command_and_the_template_keeps_its_own():
    plain = jobs.job_from_template("training", "tuning-1", "shop")
    job = jobs.with_command(plain, ["python", "-m", "beauty", "tune"])

    assert pipeline(job)["command"] == ["python", "-m", "beauty", "tune"]
    assert pipeline(plain)["command"] != pipeline(job)["command"]
