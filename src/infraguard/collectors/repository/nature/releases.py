"""Whether the repository deploys: a workflow that does, or files that say what runs, and where.

Such files are Terraform with something to run, manifests of Kubernetes, and the settings of platforms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from infraguard.collectors.repository.nature.places import is_aside
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

_WORKFLOW: Final = pattern(r"\.github/workflows/[^/]+\.ya?ml\Z")
#: Commands and actions that put a release where it runs. Publishing a package or a site of documents is none.
_DEPLOYS: Final = pattern(
    r"(?ix)kubectl\s+(?:apply|set\s+image|rollout) | helm\s+(?:upgrade|install) | terraform\s+(?:\S+\s+)?apply"
    r"| aws\s+(?:ecs\s+update-service|deploy\s+create-deployment|lambda\s+update-function-code|s3\s+sync)"
    r"| aws\s+cloudformation\s+deploy"
    r"| \b(?:sam|cdk|serverless|sls|pulumi|eb|flyctl|fly|zappa|chalice|copilot)\s+(?:deploy|up)\b"
    r"| gcloud\s+(?:run|app|functions)\s+deploy | az\s+webapp\s+deploy | heroku\s+container:release"
    r"| docker[\s-]compose\s.*\bup\s.*-d\b.*\bssh\b | ansible-playbook | docker\s+stack\s+deploy | render\.com/deploy"
    r"| uses:\s*[\"']?(?:aws-actions/amazon-ecs-deploy|azure/webapps-deploy|google-github-actions/deploy"
    r"|superfly/flyctl"
    r"|akhileshns/heroku-deploy|azure/k8s-deploy|appleboy/ssh-action)"
)
_NAMED: Final = pattern(
    r"(?im)^\s{0,4}(?:name:\s*[\"']?.*\bdeploy(?!.*\b(?:docs?|pages|site|preview)\b)|[\w-]*deploy[\w-]*:\s*$)"
)
_DOCUMENTS: Final = pattern(r"(?i)gh-pages|deploy-pages|gh-deploy|cloudflare/(?:pages|wrangler)|netlify|vercel")
#: The name of a workflow that is about documents: what it calls a deployment is one of these.
_OF_DOCUMENTS: Final = pattern(r"(?im)^name:.*\b(?:docs?|documentation|pages|website|storybook)\b")
_COMPUTE: Final = pattern(
    r"(?m)^[ \t]*resource\s+\"aws_(?:ecs_service|instance|lambda_function|autoscaling_group|eks_cluster|eks_node_group|"
    r"apprunner_service|elastic_beanstalk_environment|lightsail_container_service|launch_template|batch_compute_environment)\""
)
#: A cluster, a service or functions that a module from elsewhere makes.
_MODULE: Final = pattern(r'(?m)^[ \t]*source\s*=\s*"[^".][^"]*\b(?:eks|ecs|fargate|lambda|apprunner|app-runner)\b')
#: A workload of Kubernetes, and the files by which platforms are told what to run.
_WORKLOAD: Final = pattern(r"(?m)^kind:\s*[\"']?(?:Deployment|StatefulSet|DaemonSet|Rollout)\b")
_MANIFEST: Final = pattern(
    r"(?i)(?:.*/)?(?:k8s|kubernetes|kube|manifests?|helm|charts?|deploy(?:ments?)?|base|overlays)/.*\.ya?ml\Z"
)
_PLATFORM: Final = pattern(
    r"(?:fly\.toml|render\.ya?ml|railway\.(?:toml|json)|heroku\.yml|Procfile|samconfig\.toml|zappa_settings\.(?:json|toml)"
    r"|serverless\.ya?ml|cdk\.json|copilot/[\w-]+/manifest\.yml)\Z"
)
_ELSEWHERE: Final = pattern(
    r"(?:\.gitlab-ci\.ya?ml|\.circleci/config\.ya?ml|(?:.*/)?Jenkinsfile|(?:.*/)?azure-pipelines\.ya?ml)\Z"
)


def deploys(tree: Tree) -> bool | Unknown:
    """Whether a workflow deploys or a file says what runs; unknown when what may say so cannot be read."""
    doubt: Unknown | None = None
    for path in tree.paths:
        if _PLATFORM.match(path):
            return True
        shows = _shows(path)
        if shows is None:
            continue
        try:
            text = tree.read(path)
        except Unreadable as error:
            doubt = doubt or Unknown(f"{path}: {error}", (path,), remedy="state `deploys` in infraguard.toml")
            continue
        if shows(text):
            return True
    return doubt or False


def _shows(path: str) -> Callable[[str], bool] | None:
    """What tells of the text of a file whether something is deployed; None for a file that says nothing of it."""
    if _WORKFLOW.match(path) or _ELSEWHERE.match(path):
        return _is_delivery
    if is_aside(path):
        return None
    if path.endswith(".tf"):
        return _runs_something
    return _has_workload if _MANIFEST.match(path) else None


def _is_delivery(text: str) -> bool:
    is_named = _NAMED.search(text) and not (_DOCUMENTS.search(text) or _OF_DOCUMENTS.search(text))
    return bool(_DEPLOYS.search(text) or is_named)


def _runs_something(text: str) -> bool:
    return bool(_COMPUTE.search(text) or _MODULE.search(text))


def _has_workload(text: str) -> bool:
    return bool(_WORKLOAD.search(text))
