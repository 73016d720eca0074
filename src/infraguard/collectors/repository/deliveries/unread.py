"""What of a deployment cannot be read: actions from elsewhere, programs, and scripts that are not in the repository.

Such a step may do what no text says. What is unread is a reason for not knowing, never for a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from infraguard.collectors.repository.deliveries.fly import PROGRAMS, is_read, is_read_action
from infraguard.collectors.repository.deliveries.texts import without_comments
from infraguard.collectors.repository.suites.followed import Command
from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.recipes import joined
from infraguard.collectors.repository.suites.walked import Walked
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Actions whose documentation says all that they do, so that their settings decide.
_DOCUMENTED: Final = pattern(
    r"(?i)actions/|docker/|hashicorp/setup-|superfly/flyctl-actions/setup-|aws-actions/(?:amazon-ecs-deploy-task-definition|amazon-ecs-render|amazon-ecr-login"
    r"|configure-aws-credentials|aws-lambda-deploy)|azure/(?:login|webapps-deploy|setup-|docker-login)"
    r"|google-github-actions/(?:auth|setup-gcloud|deploy-)|[\w.-]+/[\w.-]*health-?check[\w.-]*@|akhileshns/heroku-deploy|einaregilsson/beanstalk-deploy"
)
#: Actions that run the commands that a setting gives them.
_REMOTE: Final = pattern(r"(?i)appleboy/ssh-action|azure/cli@|azure/powershell@")
_SCRIPTS: Final = ("script", "inlineScript")
#: Programs that run others' text, and tools that do what their own files say; neither is read.
_INTERPRETERS: Final = pattern(
    r"(?:python|pypy)[\d.]*|node|npx|bunx|deno|tsx|ts-node|ruby|php|perl|pwsh|java|go|cargo|dotnet"
)
TOOLS: Final = frozenset(
    {"ansible-playbook", "cdk", "pulumi", "sam", "serverless", "sls", "copilot", "chalice", "zappa", "eb", "fly"}
    | {"flyctl", "argocd", "helm", "helmfile", "skaffold", "fastapi", "cap", "kamal", "fab", "npm", "yarn", "pnpm"}
)
#: Tools of hosts for frontends.
_HOSTS: Final = frozenset({"wrangler", "vercel", "netlify", "netlify-cli", "firebase", "firebase-tools"})
#: What puts the packages of a project in place.
_PACKAGES: Final = frozenset({"npm", "yarn", "pnpm"})
_INSTALLS: Final = frozenset({("ci",), ("install",), ("i",)})
_STACKS: Final = pattern(r"aws\s+(?:cloudformation\s+(?:deploy|\w+-stack)|deploy\s+create-deployment|ecs\s+deploy)")
#: Functions that CodeDeploy calls between its steps.
_HOOKS: Final = pattern(r"(?i)\bhooks\b|\b(?:Before|After)(?:Install|AllowTraffic|AllowTestTraffic)\b")
_DELIVERS: Final = pattern(r"(?i)deploy|releas|roll-?out|canary|traffic|health|smoke|check|verif|switch|migrat")
_ASKS_FOR_HEALTH: Final = pattern(r"(?i)health[-_]?checks?|check[-_]health")
_PUTS_IN_PLACE: Final = pattern(r"(?i)deploy|releas|roll-?out|canary|traffic|switch")
#: A function that a script declares.
#: Actions that only put a program, or the right to use it, in place.
_PREPARES: Final = pattern(r"(?:[^/]+/)+(?:setup|install|login|configure)(?:[-_][\w-]*)?\Z")
_FUNCTION: Final = pattern(r"(?m)^[ \t]*(?:function\s+)?([\w-]+)\s*\(\)")
_SCRIPT: Final = pattern(r"(?<![\w:/.@$-])(?:\.{0,2}/)?(?:[\w.-]+/)*[\w.-]+\.(?:sh|bash|py|rb|js)(?![\w/.])")


def unread(tree: Tree, walked: Walked, *, deploys: bool, known: frozenset[str] = frozenset()) -> str:
    """Why it cannot be told all that a step does; empty for one that is read in full.

    A step that does not deploy itself counts only where its words speak of delivering. The known programs count for
    none.
    """
    uses = walked.running.uses
    if uses:
        return _of_action(tree, walked, uses) if deploys or _DELIVERS.search(uses.partition("@")[0]) else ""
    functions = _functions(tree, walked)
    for command in walked.commands:
        if name_of(command.words) in functions or name_of(command.words) in known:
            continue  # the body of a function is among the commands
        said = " ".join(command.words)
        if not deploys and _ASKS_FOR_HEALTH.search(said) and not _PUTS_IN_PLACE.search(said):
            continue  # its name says what it does
        if (why := _of_command(tree, walked, command)) and (deploys or _DELIVERS.search(said)):
            return why
    return ""


def _host(words: Sequence[str]) -> str:
    """The tool of a host that a command calls, also by what fetches it; empty for another command."""
    called = (word.partition("@")[0] for word in words[:3] if not word.startswith("-"))
    return next((tool for tool in called if tool in _HOSTS), "") if "deploy" in words else ""


def _functions(tree: Tree, walked: Walked) -> set[str]:
    """The functions that the step, or a script that it leads to, declares."""
    paths = {where.partition(":")[0] for command in walked.commands for where in command.context.via}
    texts = [str(walked.running.attributes.get("run", "")), *(text_or_empty(tree, path) for path in sorted(paths))]
    return {name for text in texts for name in _FUNCTION.findall(text)}


def _of_action(tree: Tree, walked: Walked, uses: str) -> str:
    if _REMOTE.match(uses):
        given = (str(walked.running.settings.get(name, "")) for name in _SCRIPTS)
        script = without_comments("\n".join(given))
        missing = [path for path in _SCRIPT.findall(script) if joined(".", path) not in tree]
        return f"{missing[0]} is no file of the repository" if missing else ""
    name = uses.partition("@")[0]
    if _PREPARES.match(name) or is_read_action(tree, walked):
        return ""
    if uses.startswith("./"):
        return f"the action {name} is not made of steps that are read"
    return "" if _DOCUMENTED.match(uses) else f"what the action {name} does stands in another repository"


def _is_spelt_out(walked: Walked, words: tuple[str, ...]) -> bool:
    """Whether the step writes all of what CodeDeploy is to do: the service's new task, and no hook of a function."""
    text = f"{walked.running.attributes.get('run', '')} {' '.join(words)}"
    return "AppSpecContent" in text and "TargetService" in text and not _HOOKS.search(text)


def _of_command(tree: Tree, walked: Walked, command: Command) -> str:
    """Why a command is not read: it was followed into its script where that could be."""
    if command.hidden:
        return command.hidden
    words = command.words
    name = name_of(words)
    if name in PROGRAMS and is_read(tree, command.context.folder, words):
        return ""
    if name in _PACKAGES and words[1:2] in _INSTALLS:
        return ""
    if host := _host(words):
        return f"how a version takes the place of another is told by the host that {host} deploys to"
    if _INTERPRETERS.fullmatch(name) or name in TOOLS:
        shown = " ".join(words[:2])
        return f"what {shown} does stands in files of its own, which are not read"
    if _STACKS.match(" ".join(words)) and not _is_spelt_out(walked, words):
        return f"what {' '.join(words[:3])} does is told by a definition that it is given"
    path = words[1] if name in ("bash", "sh", "source", ".") and len(words) > 1 else words[0]
    is_path = "/" in path and not path.startswith(("/bin/", "/usr/bin/"))
    if is_path or name in ("bash", "sh"):
        return (
            f"what {path} does is told by its code, and not in full by its words"
            if joined(command.context.folder, path) in tree
            else f"{path} is no file of the repository"
        )
    return f"{name} is no program that is known here" if "deploy" in name else ""


def scripts_named(tree: Tree, path: str, text: str) -> tuple[list[str], list[str]]:
    """The scripts for deploying that a pipeline names and that are not in the repository, and all that are."""
    folder = path.rpartition("/")[0]
    missing: list[str] = []
    found: list[str] = []
    for name in dict.fromkeys(_SCRIPT.findall(text)):
        there = next((each for each in (joined(".", name), joined(folder, name)) if each in tree), "")
        if there:
            found.append(there)
        elif _PUTS_IN_PLACE.search(name):
            missing.append(name)
    return missing, found
