"""The Terraform files of a tree: each read and parsed once, and what failed kept with its reason."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import EVERY_KIND, GapReason
from infraguard.model.values import Location
from infraguard.readers.tree import Problem, Tree, Unreadable
from infraguard.terraform.declarations import Declarations, declarations, is_override
from infraguard.terraform.fetched import DATA_FOLDER, Fetched, fetched_modules
from infraguard.terraform.known_modules.standing_in import stand_in_tree
from infraguard.terraform.syntax import parse_what_is_sound
from infraguard.terraform.syntax.json import parse_json_file
from infraguard.terraform.syntax.nodes import SourceFile
from infraguard.terraform.terragrunt import Terragrunt
from infraguard.terraform.terragrunt_writes import Written

Made = TypeVar("Made")
#: What OpenTofu reads in place of a file of the same name with the other suffix, and that file's suffix.
_TOFU = {".tofu": ".tf", ".tofu.json": ".tf.json"}
#: The files of a configuration.
SUFFIXES = (*_TOFU.values(), *_TOFU)
#: No variables beside those in files.
NONE: Mapping[str, str] = MappingProxyType({})
VARIABLE_FILES = (".tfvars", ".tfvars.json")
#: The share of its variables that a folder declares to which a file of variables belongs: some may be left over.
_MOST = 0.9


class Unread(Struct, frozen=True):
    """A file that gave nothing, or something that was cut: why, and what the user can do about it.

    `kinds` are those of resources that it may have held.
    """

    scope: str
    reason: GapReason
    detail: str
    remedy: str
    location: Location
    kinds: tuple[str, ...] = (EVERY_KIND,)


class Sources:
    """What is known of the files of one tree. Parsed files and failures are kept for all roots that share them.

    `var_files` and `variables` are what all roots are evaluated with, where somebody asks for that.
    """

    def __init__(self, tree: Tree, var_files: Sequence[str] = (), variables: Mapping[str, str] = NONE) -> None:
        self.tree = tree
        self.var_files = var_files
        self.variables = variables
        self.failures: dict[str, Unread] = {}
        self._parsed: dict[str, SourceFile | None] = {}
        self._fetched: dict[str, Fetched] = {}
        self._trees = [tree]
        self._elsewhere: dict[str, list[str]] = {}
        self._declared: dict[str, Declarations] = {}
        self._made: dict[Hashable, Any] = {}
        self.folders = _by_folder(path for path in tree.paths if f"/{DATA_FOLDER}/" not in f"/{path}")

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives of the files, made once for each key for all roots that share them."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    def fetched(self, root: str) -> Fetched:
        """The modules that were fetched for a root; from now on their files can be asked for too."""
        if root not in self._fetched:
            self._fetched[root] = found = fetched_modules(self.tree, root)
            self._elsewhere |= _by_folder(found.paths)
            if found.tree is not None:
                self._trees.append(found.tree)
                self.failures |= {each.path: _unreadable(each) for each in found.tree.problems}
        return self._fetched[root]

    def with_stand_ins(self) -> None:
        """From now on the files that stand for well-known modules can be asked for too."""
        tree = stand_in_tree()
        if tree not in self._trees:
            self._trees.append(tree)
            self._elsewhere |= _by_folder(tree.paths)

    @cached_property
    def terragrunt(self) -> Terragrunt:
        """What Terragrunt runs of the tree, and gives."""
        return Terragrunt(self.tree, self.folders)

    @cached_property
    def beside(self) -> dict[str, list[str]]:
        """Every file of the tree by its folder, `.` for the root."""
        found: dict[str, list[str]] = {}
        for path in self.tree.paths:
            found.setdefault(path.rpartition("/")[0] or ".", []).append(path)
        return found

    @cached_property
    def variables_below(self) -> dict[str, list[str]]:
        """Files of variables in folders without a configuration, by the nearest folder above that has one."""
        found: dict[str, list[str]] = {}
        for folder, paths in self.beside.items():
            files = [] if folder in self.folders else [path for path in paths if path.endswith(VARIABLE_FILES)]
            above = folder
            while files and above not in self.folders and above != ".":
                above = above.rpartition("/")[0] or "."
            if files and above in self.folders:
                found.setdefault(above, []).extend(files)
        return found

    @cached_property
    def variables_apart(self) -> dict[str, list[str]]:
        """Files of variables with no configuration in any folder above, by the one folder whose variables they give.

        `environments/production.tfvars` beside `terraform/`, which a script hands over.
        """
        found: dict[str, list[str]] = {}
        for folder, paths in self.beside.items():
            if not any(path.endswith(VARIABLE_FILES) for path in paths) or self._is_configured(folder):
                continue
            for path in paths:
                file = self.parsed(path) if path.endswith(VARIABLE_FILES) else None
                if file is not None and (home := self._declaring(set(file.body.attributes))):
                    found.setdefault(home, []).append(path)
        return found

    def _is_configured(self, folder: str) -> bool:
        """Whether a folder or one above it has a configuration."""
        parts = folder.split("/")
        return "." in self.folders or any("/".join(parts[: end + 1]) in self.folders for end in range(len(parts)))

    def _declaring(self, names: set[str]) -> str:
        """The only folder that declares most of some variables; empty when there is none, or more than one."""
        most = [
            folder
            for folder in self.folders
            if names and len(names & self.declarations(folder).variables.keys()) >= _MOST * len(names)
        ]
        return most[0] if len(most) == 1 else ""

    def gives_variables(self, path: str, root: str) -> bool:
        """Whether a file of variables gives some that a root declares: it may as well be for something else."""
        file = self.parsed(path)
        return file is not None and not self.declarations(root).variables.keys().isdisjoint(file.body.attributes)

    def led_to(self, folder: str) -> str:
        """The folder that a path means, once links to folders of the tree are followed."""
        for _ in self.tree.links:
            link = next((link for link in self.tree.links if f"{folder}/".startswith(f"{link}/")), None)
            if link is None:
                break
            folder = posixpath.normpath(f"{self.tree.links[link]}/{folder[len(link) + 1 :]}")
        return folder

    def files(self, folder: str) -> list[str]:
        """The Terraform files of a folder, of the project or of what was fetched, and what Terragrunt writes there."""
        found = self.folders.get(folder) or self._elsewhere.get(folder, [])
        written = self.terragrunt.written.get(folder) if self.terragrunt.is_used else None
        return _with_written(found, written) if written else found

    def folder(self, name: str) -> Iterator[SourceFile]:
        """The files of a folder that could be parsed, override files last, as Terraform takes them."""
        for path in sorted(self.files(name), key=lambda path: (is_override(path), path)):
            if parsed := self.parsed(path):
                yield parsed

    def declarations(self, folder: str) -> Declarations:
        """What the files of a folder declare together, worked out once for all roots that use it."""
        if folder not in self._declared:
            self._declared[folder] = declarations(self.folder(folder))
        return self._declared[folder]

    def parsed(self, path: str) -> SourceFile | None:
        """A parsed file, or None when it could not be read; `failures` has the reason."""
        if path not in self._parsed:
            self._parsed[path] = self.terragrunt.held.get(path) or self._parse(path)
        return self._parsed[path]

    def text(self, path: str) -> str | None:
        """The text of any file of the tree, or None."""
        try:
            return self._tree_of(path).read(path)
        except Unreadable:
            return None

    def paths(self) -> list[str]:
        """The paths of all files, of the project and of what was fetched."""
        return [path for tree in self._trees for path in tree.paths]

    def _tree_of(self, path: str) -> Tree:
        return next((tree for tree in self._trees if path in tree), self.tree)

    def _parse(self, path: str) -> SourceFile | None:
        try:
            text = self._tree_of(path).read(path)
            return parse_json_file(text, path) if path.endswith(".json") else parse_what_is_sound(text, path)
        except Unreadable as error:
            self.failures[path] = _unreadable(error.problem)
        except SyntaxProblem as problem:
            place = Location(file=path, line=problem.line, column=problem.column)
            remedy = problem.hint or "mend the syntax; `terraform validate` says the same"
            self.failures[path] = Unread(path, GapReason.INVALID, problem.why, remedy, place)
        return None


def _with_written(paths: list[str], written: Mapping[str, Written]) -> list[str]:
    """The files of a folder, with those that are written over them."""
    own = {path.rpartition("/")[2] for path in paths}
    left = [path for path in paths if not ((each := written.get(path.rpartition("/")[2])) and each.replaces)]
    added = [each.path for name, each in written.items() if each.replaces or name not in own]
    return [*left, *added]


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """The files of configurations by folder, without those that a file for OpenTofu takes the place of."""
    found = [path for path in paths if path.endswith(SUFFIXES)]
    replaced = {_replaced(path) for path in found}
    folders: dict[str, list[str]] = {}
    for path in found:
        if path not in replaced:
            folders.setdefault(path.rpartition("/")[0] or ".", []).append(path)
    return folders


def _replaced(path: str) -> str:
    """The file that OpenTofu leaves out because of this one: `main.tf` for `main.tofu`; empty for any other."""
    for suffix, other in _TOFU.items():
        if path.endswith(suffix):
            return path.removesuffix(suffix) + other
    return ""


def _unreadable(problem: Problem) -> Unread:
    return Unread(problem.path, problem.reason, problem.detail, problem.remedy, Location(file=problem.path))
