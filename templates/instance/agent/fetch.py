"""What a release needs: its record, its secrets and its image."""
import base64
import json

from container import container_config
from folders import check_cache, check_model, plan_folders
from image import look_inside
from gpus import require_names
from problem import Problem
from progress import Progress
from record import read_record

REGISTRY = "AmazonEC2ContainerRegistry_V20150921"


def fetch_release(pointer, settings, instance, aws, docker, report, weights):
    """CONTAINER_FILE's content for the pointer's release. Its image has been pulled, and the model's weights are on their way.

    `report`: see Progress.note. `weights(model, token)`: begins to fetch them.
    """
    document = json.loads(aws.s3("GET", settings["bucket"], pointer["record"]))
    try:
        release = read_record(document)
    except KeyError as missing:
        raise Problem(f"The release record {pointer['record']} has no {missing}.", definite=True) from None
    require_names(release["gpus"], docker)
    secrets = {"env": {}, "file": {}}
    for name, pin in release["secrets"].items():
        secrets[pin["as"]][name] = read_secret(pin, aws)
    model = release["model"]
    weights(model, model and token_of(model, release, secrets))
    docker.pull(pointer["image"], lambda: registry_login(aws), lambda: Progress(layer_sizes(pointer["image"], aws), report))
    inside = look_inside(docker, release)
    check_cache(release["options"], inside)
    check_model(model, inside)
    variables, volumes = plan_folders(release, secrets["env"], inside)
    config = container_config(release, secrets, settings, instance, aws.endpoint, variables, volumes)
    new = [path for path in volumes if not inside["kinds"].get(path) or path == variables.get("HOME")]
    return {
        "pointer": pointer,
        "folders": {"user": inside["user"], "group": inside["group"], "volumes": volumes, "new": new, "cache": release["options"]["cache"]},
        "options": release["options"],
        "config": config,
        "secret_files": secrets["file"],
        "model": model,
        "memory_mb": release["memory_mb"],
        "alone": release["alone"],
        "port": release["port"],
        "health": release["health"],
        "exposed": docker.exposed(pointer["image"]),
        "before": release["before"],
    }


def token_of(model, release, secrets):
    """The value of the secret that model.token names, or None."""
    name = model.get("token")
    return secrets[release["secrets"][name]["as"]][name].strip() if name else None


def read_secret(pin, aws):
    wanted = {"SecretId": pin["arn"], "VersionId": pin["version"]}
    return aws.call("secretsmanager", "secretsmanager.GetSecretValue", wanted)["SecretString"]


def registry_login(aws):
    token = aws.call("ecr", f"{REGISTRY}.GetAuthorizationToken", {})
    pair = base64.b64decode(token["authorizationData"][0]["authorizationToken"]).decode()
    return dict(zip(("username", "password"), pair.split(":", 1)))


def layer_sizes(image, aws):
    """Bytes by the first twelve digits of each layer's digest; {} when the registry does not give them: the pull will say why.

    Docker's own messages name a layer's size only when its download begins, so a share of them would fall when a large layer follows.
    """
    try:
        repository, digest = image.split("/", 1)[1].split("@")
        answer = aws.call("ecr", f"{REGISTRY}.BatchGetImage", {"repositoryName": repository, "imageIds": [{"imageDigest": digest}]})
        layers = json.loads(answer["images"][0]["imageManifest"])["layers"]
        return {layer["digest"].split(":")[1][:12]: layer["size"] for layer in layers}
    except (Problem, LookupError, ValueError):
        return {}
