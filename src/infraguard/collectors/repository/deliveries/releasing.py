"""The commands and actions by which a step puts a release in place, and those by which it applies infrastructure."""

from __future__ import annotations

from typing import Final

from infraguard.readers.patterns import pattern

#: A command of a tool, whatever options stand between its name and what it is asked to do. What is only tried out, or
#: is asked for help, changes nothing.
_ONLY_TRIED: Final = r"(?![^\n;&|]*\s(?:--dry-run\b|--validate-only|--help|--what-if))"
_OF_KUBERNETES: Final = (
    rf"\b(?:kubectl|oc)\b{_ONLY_TRIED}[^\n;&|]*?\s(?:apply|replace|set\s+(?:image|env)|rollout\s+restart|patch\s+deploy\w*)\b"
    rf"|\bhelm(?:file)?\b(?!\s+plugin){_ONLY_TRIED}[^\n;&|]*?\s(?:upgrade|install|apply|sync)\b"
    r"|\bskaffold\s+(?:run|deploy)\b|\bwerf\s+converge\b|\bkapp\s+deploy\b"
)
#: A service that gets another number of tasks runs what it ran.
_OF_AWS: Final = (
    r"\baws\s[^\n;&|]*?\b(?:ecs\s+(?:deploy|update-service(?!(?=[^\n;&|]*--desired-count)(?![^\n;&|]*--(?:task-def|force-new-dep))))"
    r"|deploy\s+create-deployment|lambda\s+update-function-code|cloudformation\s+deploy|elbv2\s+modify-(?:listener|rule)"
    r"|apprunner\s+(?:start-deployment|update-service)|lightsail\s+create-container-service-deployment"
    r"|elasticbeanstalk\s+update-environment|autoscaling\s+start-instance-refresh|codepipeline\s+start-pipeline-execution)"
)
_OF_OTHERS: Final = (
    r"\b(?:sam|cdk|serverless|sls|pulumi|eb|flyctl|fly|zappa|chalice|copilot|fastapi|azd|modal|railway)(?:@[\w.-]+)?"
    r"\s+(?:deploy|up)\b"
    r"|\b(?:wrangler|vercel|firebase(?:-tools)?)(?:@[\w.-]+)?\s+(?:(?:pages|versions)\s+)?(?:deploy|publish)\b"
    r"|\bgcloud\s[^\n;&|]*?\b(?:(?:run|app|functions|jobs)\s+deploy|run\s+(?:services|jobs)\s+(?:update|replace)"
    r"|rolling-action\s+(?:start-update|replace)|deploy\s+releases\s+create)\b"
    r"|\baz\s+(?:webapp\s+(?:up|deploy|deployment\s+source|config\s+container\s+set)"
    r"|containerapp\s+(?:up|update|job\s+update)|functionapp\s+(?:deploy|deployment\s+source))\b"
    r"|\bfunc\s+azure\s+functionapp\s+publish\b|(?-i:(?<![\w-])(?:cf[78]?\s+(?:push|blue-green-deploy|deploy)|ecs\s+deploy)\b)"
    r"|cf_command:\s*push\b"
    r"|heroku\s+container:release|\bgit\s+push\s[^\n;&|]*(?:heroku|dokku)"
    r"|\bdocker\s+(?:stack\s+deploy|service\s+update)\b|\bargocd\s+app\s+sync\b|\bnomad\s+(?:job\s+)?run\b"
    r"|\bkamal\s+(?:re)?deploy\b|\bcurl\s[^\n]*(?:deploy[-_]?hook|api\.render\.com/deploy)"
    r"|ansible-playbook(?![^\n;&|]*(?:\s(?:--check|-C|--syntax-check|--list-\w+)\b|\S*(?:validat|lint|check)\S*\.ya?ml))"
)
#: What the repository calls its own way of deploying, and not what looks at a deployment or tells of it.
_ASIDE: Final = (
    r"(?![^\s;&|]*(?:(?:check|verif\w+|validat\w+|wait|notif\w+|test)[-_]\w*deploy"
    r"|deploy(?:ment)?[-_](?:status|info|logs?|url)))"
)
_OF_REPOSITORY: Final = (
    rf"\b(?:make|just|task|npm\s+run|yarn|pnpm(?:\s+run)?)[ \t]+(?:[^\s;&|]+[ \t]+)*?{_ASIDE}[^\s;&|]*deploy[^\s;&|]*"
    rf"|(?:\./|scripts/|bin/|\bbash\s+|\bsh\s+|python3?\s+(?:-m\s+)?){_ASIDE}\S*deploy(?!ments?/)\S*"
)
_DEPLOYS: Final = pattern(f"(?i){_OF_KUBERNETES}|{_OF_AWS}|{_OF_OTHERS}|{_OF_REPOSITORY}")
#: A script in a folder for deployment: what it is for stands in it, as it does not in its name.
_OF_DEPLOYMENT: Final = pattern(
    r"(?:(?<![\w./])\./|\bbash\s+|\bsh\s+)\S*deployments?/\S+(?![^\n;&|]*\b(?:plan|destroy)\b)"
)
#: What only speaks: a line that is printed, and goes nowhere else.
_PRINTED: Final = pattern(r"(?m)^[ \t]*(?:echo|printf)[ \t](?:\"[^\"\n]*\"|'[^'\n]*'|[^\n>|&;\"'])*$")
_ACTIONS: Final = pattern(
    r"(?i)aws-actions/(?:amazon-ecs-deploy|aws-codedeploy|aws-lambda-deploy|aws-cloudformation)|azure/(?:webapps-deploy|k8s-deploy"
    r"|functions-action)|google-github-actions/deploy|superfly/flyctl(?!-actions/setup)|akhileshns/heroku-deploy|appleboy/ssh-action"
    r"|einaregilsson/beanstalk-deploy|digitalocean/app_action|burnett01/rsync-deployments"
    r"|^[^@]*\bdeploy(?!ment|[-_](?:keys?|tokens?)\b)[^@]*"
)
#: Actions that tell people what was done, in words that are no commands.
_TELLS: Final = pattern(r"(?i)slack|discord|telegram|ms-?teams|notif|comment|mattermost|send-?mail")
_SITES: Final = pattern(
    r"(?i)(?:gh|github)-pages|deploy-?docs|docs-?deploy|deploy-status|deploy-pages|gh-deploy|mkdocs|netlify|smokeshow|coverage"
)
_COMPOSE: Final = pattern(r"(?i)docker[\s-]compose\s(?:.*\s)?up\b.*\s-d\b")
_RUNS_TESTS: Final = pattern(r"(?<![\w-])(?:tox|nox|pytest|(?:go|npm|yarn|cargo|make)\s+(?:run\s+)?test)(?![\w-])")
#: What is done on a machine to keep it, and starts no release: backups, and what is deleted.
_KEEPS: Final = pattern(r"(?i)back-?_?ups?\b|\bpg_dump|\bprune|clean-?_?up|\bvacuum|certbot|logrotate")
#: A container that is gone when its command has run.
_RUNS_ONCE: Final = pattern(r"(?m)\bdocker[\s-](?:compose\s(?:[^\n]*?\s)?)?run\s[^\n]*--rm\b[^\n]*$")
_STARTS_THERE: Final = pattern(
    r"(?i)deploy|compose|systemctl|service\s|pm2|restart|supervisor|docker\s+(?:run|pull)|kubectl"
)
#: Commands for another machine, and those that start a release there.
_REMOTE: Final = pattern(
    r"\bssh\s+(?:-\S+\s+)*[^\n;&|]*?(?:\S@\S|\$)|\baws\s[^\n;&|]*?\bssm\s+send-command\b|\bgcloud\s+compute\s+ssh\b"
)
_RESTARTS: Final = pattern(
    r"\bdocker[\s-](?:compose\s[^\n]*?\b(?:up|restart)\b|(?:container\s+)?run\s)|\bsystemctl\s+(?:--user\s+)?(?:restart|reload|start)"
    r"|\bpm2\s+(?:restart|reload|start)|\bsupervisorctl\s+(?:restart|update|reload)|\bservice\s+[\w@.-]+\s+restart\b"
)
#: A job that is called so brings up what it tries.
_TRIES: Final = pattern(
    r"(?i)(?<![a-z])(?<!deploy[-_])(?<!to )(?:e2e|end[-_ ]to[-_ ]end|integration|tests?)(?![a-z])[^#]*\Z"
)
_LOCAL: Final = pattern(r"(?i)localhost|127\.0\.0\.1|pytest|coverage|playwright")
#: A cluster that a job makes for itself: what is put there is gone with it.
_OWN_CLUSTER: Final = pattern(
    r"(?i)\b(?:kind\s+create\s+cluster|minikube\s+start|k3d\s+cluster\s+create|microk8s)\b"
    r"|/(?:kind-action|setup-(?:kind|minikube|k3d|microk8s)|k3d-action)@"
)
#: Infrastructure that is brought up to date: a deployment where an image was pushed for it before. A folder of settings
#: is applied for its outputs only, and what is named as a target alone puts nothing in place that serves.
_APPLIES: Final = pattern(
    r"\b(?:terraform|tofu|terragrunt)\b(?![^\n;&|]*(?:-destroy|-target\b|-chdir=\S*-config\b))[^\n;&|]*\bapply\b"
)
_TARGETED: Final = pattern(r"\bTF_CLI_ARGS(?:_apply)?=.*-target\b")


def deploys(text: str, uses: str, name: str) -> str:
    """The words by which a step of the job of this name deploys; empty for one that does not.

    `docker compose up` brings up what tests need as often as a release: the name of the job tells, or that another
    machine is told to.
    """
    if is_site(text) or is_site(uses) or _TELLS.search(uses.partition("@")[0]):
        return ""
    is_try = bool(_TRIES.search(name))
    if remote := None if is_try else _to_another_machine(text):
        return remote
    if _COMPOSE.search(text) and "ssh-action@" not in uses:
        return "docker compose up" if "deploy" in name.lower() and not is_try else ""
    action = None if _starts_nothing(text, uses) else _ACTIONS.search(uses)
    told = _PRINTED.sub("", text.replace("\\\n", " "))
    command = None if _LOCAL.search(text) and "deploy" not in text else _DEPLOYS.search(told)
    if command is None and applies_infrastructure(text):
        command = _OF_DEPLOYMENT.search(text)
    return action[0] if action else " ".join(command[0].split()) if command else ""


def is_site(text: str) -> bool:
    """Whether a text speaks of a site of documents or of a report, which is no release."""
    return bool(_SITES.search(text))


def has_cluster_of_its_own(text: str) -> bool:
    """Whether the steps of a job make a cluster of Kubernetes, to try something there."""
    return bool(_OWN_CLUSTER.search(text))


def _to_another_machine(text: str) -> str:
    """The command by which another machine is told to start a release."""
    remote = _REMOTE.search(text) if _RESTARTS.search(text) and not _RUNS_TESTS.search(text) else None
    return " ".join(remote[0].split()[:3]) if remote else ""


def _starts_nothing(text: str, uses: str) -> bool:
    """Whether a step runs tests on another machine, or keeps it in order, and starts nothing there."""
    if "ssh-action@" not in uses or not (_RUNS_TESTS.search(text) or _KEEPS.search(text)):
        return False
    return not _STARTS_THERE.search(_RUNS_ONCE.sub("", text.replace("\\\n", " ")))


def text_deploys(text: str) -> str:
    """The words by which a pipeline that is read line by line deploys; a line about a site of documents is none."""
    lines = (line for line in text.replace("\\\n", " ").splitlines() if not is_site(line))
    return next((found[0].strip() for line in lines if (found := _DEPLOYS.search(line))), "")


def applies_infrastructure(text: str) -> str:
    """The words by which a script brings infrastructure up to date."""
    lines = text.replace("\\\n", " ").splitlines()
    found = (_APPLIES.search(line) for line in lines if not _TARGETED.search(line))
    return next((" ".join(each[0].split()) for each in found if each), "")
