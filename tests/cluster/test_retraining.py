"""The loop closes on the cluster: what customers buy changes, and without a hand another model answers."""

from tests.support.cluster import HERE, eventually

MONITORING = "monitoring"


def no_round_by_schedule(platform):
    """The CronJob starts none, and none is going on: it would retrain in the place of the one that the test follows."""
    platform.kubectl("patch", "cronjob", MONITORING, "--patch", '{"spec": {"suspend": true}}')
    eventually(lambda: not platform.get("cronjob", MONITORING).get("status", {}).get("active"), 600)


def test_drift_leads_to_a_retrained_and_redeployed_model(platform):
    from deployment.jobs import create_job, job_from_template, job_name

    no_round_by_schedule(platform)
    before = platform.champion()["version"]
    script = ("python", "-c", (HERE / "drift.py").read_text(), "http://127.0.0.1:3001", "var/tiny")
    print(platform.kubectl("exec", "deployment/collector", "--", *script))

    # The Job that the CronJob starts every quarter of an hour, now.
    name = job_name(MONITORING)
    create_job(job_from_template(MONITORING, name, platform.namespace))
    said = platform.finish_job(name, 1500)

    print(said)
    after = platform.champion()["version"]
    assert "for          drift:" in said
    assert "outcome      promoted" in said
    assert after != before
    assert platform.model_uri() == f"pvc://models/tiny/{after}"
    assert platform.ask() == after
