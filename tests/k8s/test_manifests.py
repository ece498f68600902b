"""Every overlay builds, and what it builds keeps the rules that the cluster would enforce."""

from pathlib import Path

import pytest

from components.running.component import ADDRESSES, CLAIMS, IMAGE
from deployment import kserve
from deployment.environment import INFERENCE_SERVICE, MODEL_FOLDER, MODEL_STORE
from deployment.jobs import CONTAINER, SOURCES
from deployment.platform import ASKING, SERVICE, TRAINING
from deployment.stores import SECRET, missing_keys
from feedback.database import EVENT_LOG
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE
from recommender.data.sources.description.source import Source
from serving.server import environment
from tests.support.manifests import K8S, build, one, pods

ROOT = K8S.parent
#: Who asks the Kubernetes API for something.
ASKS_THE_API = {"training", "monitoring"}
LIMITED = {"cpu", "memory", "ephemeral-storage"}


def settings(manifests):
    return one(manifests, "ConfigMap", "settings")["data"]


def test_everything_lies_in_the_one_namespace_of_the_restricted_level(manifests):
    namespace = one(manifests, "Namespace")

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    others = [m["metadata"]["namespace"] for m in manifests if m["kind"] != "Namespace"]
    assert set(others) == {namespace["metadata"]["name"]}


def test_every_pod_passes_the_restricted_level(manifests):
    for name, pod in pods(manifests).items():
        security = pod["securityContext"]
        assert security["runAsNonRoot"] is True, name
        assert security["runAsUser"] > 0, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            inner = container["securityContext"]
            assert inner["allowPrivilegeEscalation"] is False, name
            assert inner["readOnlyRootFilesystem"] is True, name
            assert inner["capabilities"] == {"drop": ["ALL"]}, name


def test_every_container_has_requests_limits_and_an_image_with_a_tag(manifests):
    for name, pod in pods(manifests).items():
        for container in pod["containers"]:
            resources = container["resources"]
            assert set(resources["requests"]) == set(resources["limits"]) == LIMITED, name
            assert ":" in container["image"], f"{name}: an image without a tag is another one tomorrow"
            assert not container["image"].endswith(":latest"), name


def test_what_is_written_beside_volumes_goes_to_a_bounded_scratch_folder(manifests):
    for name, pod in pods(manifests).items():
        for volume in pod.get("volumes", []):
            assert "emptyDir" not in volume or volume["emptyDir"]["sizeLimit"], name


def test_only_who_asks_the_api_gets_a_token(manifests):
    with_token = {name for name, pod in pods(manifests).items() if pod["automountServiceAccountToken"]}

    assert with_token == ASKS_THE_API
    assert all(
        account["automountServiceAccountToken"] is False for account in manifests if account["kind"] == "ServiceAccount"
    )


def test_no_service_account_may_do_more_than_deploy_a_model(manifests):
    rules = one(manifests, "Role", "deploy")["rules"]

    assert not [m for m in manifests if m["kind"].startswith("Cluster")]
    assert all(rule["resourceNames"] for rule in rules)
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "patch"}
    assert [subject["name"] for subject in one(manifests, "RoleBinding", "deploy")["subjects"]] == ["pipeline"]


def test_on_several_nodes_what_is_shown_goes_to_the_collector_that_keeps_it_in_the_database():
    manifests = build(K8S / "overlays" / "production")
    collector = one(manifests, "Service", "collector")
    (opened,) = one(manifests, "NetworkPolicy", "impressions")["spec"]["egress"]

    address = settings(manifests)[environment.IMPRESSIONS_LOG]
    assert environment.Environment.read({environment.IMPRESSIONS_LOG: address}).impressions_log == address
    assert address == f"http://{collector['metadata']['name']}/v1/impressions"
    (container,) = pods(manifests)["collector"]["containers"]
    assert opened["ports"] == [{"port": container["ports"][0]["containerPort"], "protocol": "TCP"}]
    assert EVENT_LOG in {variable["name"] for variable in container["env"]}


@pytest.mark.parametrize("overlay", ["k8s/overlays/local", "tests/cluster/overlay", "tests/cluster/production"])
def test_predictors_follow_the_pointer_of_the_workspace_that_the_deploy_step_writes(overlay):
    manifests = build(ROOT / overlay)
    pod, pointer = pods(manifests)["recommender"], Path(settings(manifests)[environment.CHALLENGER])
    (mounted,) = [m["mountPath"] for m in pod["containers"][0]["volumeMounts"] if m["name"] == "workspace"]
    (claimed,) = [v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if v["name"] == "workspace"]

    shop = Path(settings(manifests)["SOURCE"]).stem
    assert claimed in CLAIMS
    assert pointer.relative_to(mounted) == Workspace(Path(shop)).challenger_file


def test_where_kubeflow_runs_the_pipelines_their_account_may_report_and_start_runs_and_no_more():
    manifests = build(K8S / "overlays" / "kubeflow")
    may = {
        f"{verb} {resource} {name}".strip()
        for rule in one(manifests, "Role", "kubeflow")["rules"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames", [""])
        for verb in rule["verbs"]
    }

    assert may == {
        *("create workflowtaskresults", "patch workflowtaskresults"),
        *("get configmaps kfp-launcher", "get secrets mlpipeline-minio-artifact"),
        *("create runs", "get runs", "list runs"),
    }
    assert [subject["name"] for subject in one(manifests, "RoleBinding", "kubeflow")["subjects"]] == ["pipeline"]
    assert one(manifests, "CronJob", "monitoring")["spec"]["suspend"] is True


def test_the_manifests_leave_the_model_to_the_deploy_step(manifests):
    service = one(manifests, "InferenceService")

    assert service["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] == "Standard"
    assert "storageUri" not in service["spec"]["predictor"]["model"]
    assert "canary" not in service["spec"]


def test_probes_ask_by_http(manifests):
    for name in ("recommender", "collector"):
        (container,) = pods(manifests)[name]["containers"]
        probes = [container[kind]["httpGet"]["path"] for kind in ("startupProbe", "readinessProbe", "livenessProbe")]
        assert [path.rsplit("/", 1)[1] for path in probes] == ["ready", "ready", "live"]


def test_no_request_is_lost_when_a_pod_ends(manifests):
    predictor = one(manifests, "InferenceService")["spec"]["predictor"]
    (container,) = pods(manifests)["recommender"]["containers"]

    wait = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert predictor["deploymentStrategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert predictor["terminationGracePeriodSeconds"] >= wait + 15


def test_all_traffic_is_denied_but_what_is_named(manifests):
    deny = one(manifests, "NetworkPolicy", "default-deny")["spec"]
    openings = {name: one(manifests, "NetworkPolicy", name)["spec"] for name in ("recommender", "collector")}

    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ports = {
        name: [port["port"] for rule in spec["ingress"] for port in rule["ports"]] for name, spec in openings.items()
    }
    assert ports == {"recommender": [3000], "collector": [3001]}


def test_a_disruption_leaves_others_running(manifests):
    for name in ("recommender", "collector"):
        budget = one(manifests, "PodDisruptionBudget", name)["spec"]
        policy = one(manifests, "NetworkPolicy", name)["spec"]
        assert budget["maxUnavailable"] == 1
        assert budget["selector"] == policy["podSelector"]


def test_a_retraining_never_runs_beside_another_round(manifests):
    assert one(manifests, "CronJob", "monitoring")["spec"]["concurrencyPolicy"] == "Forbid"


def test_the_images_run_as_the_user_that_the_manifests_name(manifests):
    users = {
        pod["securityContext"]["runAsUser"]
        for name, pod in pods(manifests).items()
        if name in ("recommender", "collector", *ASKS_THE_API)
    }
    for folder in ("serving", "pipelines"):
        text = (ROOT / folder / "Containerfile").read_text()
        assert [f"USER {user}:{user}" in text for user in users] == [True]


def test_names_that_code_and_manifests_share(manifests):
    service, values = one(manifests, "InferenceService"), settings(manifests)
    predictor = service["spec"]["predictor"]
    names = {rule["resources"][0]: rule["resourceNames"] for rule in one(manifests, "Role", "deploy")["rules"]}

    assert service["metadata"]["name"] == values[INFERENCE_SERVICE] == SERVICE
    assert predictor["model"]["modelFormat"]["name"] == kserve.FORMAT
    assert names["inferenceservices"] == [SERVICE]
    assert names["deployments"] == [f"{SERVICE}-predictor", f"{SERVICE}-{kserve.CANDIDATE}-predictor"]
    assert values[MODEL_STORE] == "pvc://models"
    for template in (TRAINING, ASKING):
        pod = one(manifests, "CronJob", template)["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        assert [container["name"] for container in pod["containers"]] == [CONTAINER]
        assert pod["containers"][0]["image"].rsplit("/", 1)[-1] == IMAGE
        assert SOURCES in {volume["name"] for volume in pod["volumes"]}
        mounts = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
        assert {claim: mounts[claim] for claim in CLAIMS} == CLAIMS
        assert mounts["models"] == values[MODEL_FOLDER]


def test_no_pod_mounts_a_claim_twice(manifests):
    """The kubelet would wait for the second one for ever; KServe adds the models' claim to the predictor."""
    for name, pod in pods(manifests).items():
        claims = [
            v["persistentVolumeClaim"]["claimName"] for v in pod.get("volumes", []) if "persistentVolumeClaim" in v
        ]
        claims += ["models"] if name == SERVICE else []
        assert len(claims) == len(set(claims)), name


def test_the_cluster_reads_the_files_that_a_laptop_reads(manifests):
    maps = {m["metadata"]["name"].rsplit("-", 1)[0]: m["data"] for m in manifests if m["kind"] == "ConfigMap"}
    for folder in ("sources", "configs"):
        files = {path.name: path.read_text() for path in (ROOT / folder).glob("*.yaml")}
        assert maps[folder] == files

    source = Path(settings(manifests)["SOURCE"])
    assert Source.load(ROOT / source).name


def variables(pod):
    return {variable["name"]: variable for container in pod["containers"] for variable in container.get("env", [])}


def test_passwords_come_from_the_one_secret_and_are_nowhere_else(manifests):
    assert not [m for m in manifests if m["kind"] == "Secret"]
    for name, pod in pods(manifests).items():
        for variable, found in variables(pod).items():
            if "PASSWORD" in variable or variable in (ONLINE_STORE, EVENT_LOG, "REDISCLI_AUTH"):
                assert found["valueFrom"]["secretKeyRef"]["name"] == SECRET, name


@pytest.mark.parametrize("overlay", ["local", "production"])
def test_all_who_write_or_read_a_store_have_its_address(overlay):
    of_all = pods(build(K8S / "overlays" / overlay))

    assert {name for name, pod in of_all.items() if ONLINE_STORE in variables(pod)} == {
        "recommender",
        "collector",
        "training",
        "monitoring",
    }
    assert {name for name, pod in of_all.items() if EVENT_LOG in variables(pod)} == {
        "collector",
        "training",
        "monitoring",
    }


def test_the_local_overlay_brings_all_stores_and_production_none():
    assert missing_keys(build(K8S / "overlays" / "local")) == set()
    assert missing_keys(build(K8S / "overlays" / "production")) == {"online-store", "event-log"}
    # What the steps of a Kubeflow pipeline get.
    assert set(ADDRESSES) == {"online-store", "event-log"}


def test_in_production_the_loss_of_a_node_leaves_others_answering():
    manifests = build(K8S / "overlays" / "production")
    predictor = one(manifests, "InferenceService")["spec"]["predictor"]
    collector = one(manifests, "Deployment", "collector")["spec"]

    for replicas, pod in (
        (predictor["minReplicas"], predictor),
        (collector["replicas"], collector["template"]["spec"]),
    ):
        assert replicas >= 2
        hard = [one for one in pod["topologySpreadConstraints"] if one["whenUnsatisfiable"] == "DoNotSchedule"]
        assert [constraint["topologyKey"] for constraint in hard] == ["kubernetes.io/hostname"]
    assert predictor["maxReplicas"] > predictor["minReplicas"]
    assert {tuple(m["spec"]["accessModes"]) for m in manifests if m["kind"] == "PersistentVolumeClaim"} == {
        ("ReadWriteMany",)
    }


def test_prometheus_scrapes_ports_that_pods_have_and_that_are_open_to_it():
    manifests = build(K8S / "overlays" / "production")
    (opened,) = one(manifests, "NetworkPolicy", "scraping")["spec"]["ingress"]
    for name in ("recommender", "collector"):
        (container,) = pods(manifests)[name]["containers"]
        (endpoint,) = one(manifests, "PodMonitor", name)["spec"]["podMetricsEndpoints"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert ports[endpoint["port"]] in {port["port"] for port in opened["ports"]}
