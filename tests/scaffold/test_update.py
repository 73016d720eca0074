"""A newer template into a project: three ways, file by file, and never a success with something left undone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from infraguard import writing
from infraguard.model.errors import TemplateError, UsageError
from infraguard.scaffold.merging import Outcome
from infraguard.scaffold.record import BASE, RECORD, packed, read_record, unpacked
from infraguard.scaffold.template import Template, load_template
from infraguard.workflows import new as new_workflow
from infraguard.workflows import update as update_workflow
from infraguard.workflows.new import NewRequest, new
from infraguard.workflows.update import UpdateRequest, check, update
from tests.scaffold.conftest import write_template

RECORD_TEXT = """template: t
version: "{{ cookiecutter.__template_version }}"
answers:
  slug: "{{ cookiecutter.slug }}"
"""
LINES = [f"line {number}\n" for number in range(1, 10)]


class Story:
    """A template of two versions, and a project of the first."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self.project = folder / "out" / "p"

    def release(self, version: str, files: dict[str, str]) -> Template:
        target = self.folder / "t"
        shutil.rmtree(target, ignore_errors=True)
        template = load_template(
            write_template(target, {"slug": "p", "__template_version": version}, {RECORD: RECORD_TEXT, **files})
        )
        for module in (new_workflow, update_workflow):
            self._monkeypatch.setattr(module, "find_template", lambda _: template)
        return template

    def generate(self, files: dict[str, str]) -> None:
        self.release("1.0.0", files)
        new(NewRequest(template="t", output_dir=self.folder / "out", no_input=True))

    def edit(self, path: str, text: str | None) -> None:
        file = self.project / path
        if text is None:
            file.unlink()
        else:
            file.write_text(text, "utf-8")

    def update(self, files: dict[str, str]) -> dict[str, Outcome]:
        self.release("2.0.0", files)
        result = update(UpdateRequest(folder=self.project))
        self.conflicts = result.conflicts
        return {change.path: change.outcome for change in result.changes}

    def text(self, path: str) -> str:
        return (self.project / path).read_text("utf-8")


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    return Story(tmp_path, monkeypatch)


def changed(number: int, text: str) -> str:
    return "".join([*LINES[: number - 1], text, *LINES[number:]])


def test_what_nobody_touched_becomes_the_new_one(story: Story) -> None:
    story.generate({"a.txt": "old\n", "same.txt": "x\n", "gone.txt": "x\n"})
    found = story.update({"a.txt": "new\n", "same.txt": "x\n", "more.txt": "y\n"})
    assert found == {"a.txt": Outcome.UPDATED, "gone.txt": Outcome.REMOVED, "more.txt": Outcome.ADDED}
    assert story.text("a.txt") == "new\n"
    assert not (story.project / "gone.txt").exists()
    assert read_record(story.project).version == "2.0.0"


def test_edits_in_different_places_are_both_kept(story: Story) -> None:
    story.generate({"a.txt": "".join(LINES)})
    story.edit("a.txt", changed(2, "mine\n"))
    assert story.update({"a.txt": changed(8, "theirs\n")}) == {"a.txt": Outcome.MERGED}
    assert story.text("a.txt") == changed(2, "mine\n").replace("line 8\n", "theirs\n")
    assert story.conflicts == 0


def test_edits_of_the_same_line_are_marked_and_counted(story: Story) -> None:
    story.generate({"a.txt": "".join(LINES)})
    story.edit("a.txt", changed(5, "mine\n"))
    assert story.update({"a.txt": changed(5, "theirs\n")}) == {"a.txt": Outcome.CONFLICT}
    assert story.conflicts == 1
    assert "<<<<<<< yours\nmine\n||||||| as generated\nline 5\n=======\ntheirs\n>>>>>>> newer" in story.text("a.txt")


def test_what_was_deleted_stays_deleted(story: Story) -> None:
    story.generate({"a.txt": "old\n", "b.txt": "x\n"})
    story.edit("a.txt", None)
    assert story.update({"a.txt": "new\n", "b.txt": "x\n"}) == {"a.txt": Outcome.STAYS_DELETED}
    assert not (story.project / "a.txt").exists()


def test_what_the_template_dropped_and_somebody_changed_is_kept(story: Story) -> None:
    story.generate({"a.txt": "old\n", "b.txt": "x\n"})
    story.edit("a.txt", "mine\n")
    assert story.update({"b.txt": "x\n"}) == {"a.txt": Outcome.KEPT}
    assert story.text("a.txt") == "mine\n"


def test_a_new_file_where_one_stands_is_a_conflict(story: Story) -> None:
    story.generate({"b.txt": "x\n"})
    story.edit("a.txt", "mine\n")
    assert story.update({"a.txt": "theirs\n", "b.txt": "x\n"}) == {"a.txt": Outcome.CONFLICT}
    assert "mine" in story.text("a.txt")


def test_what_is_no_text_is_written_beside(story: Story) -> None:
    story.generate({"a.bin": "old\0"})
    story.edit("a.bin", "mine\0")
    assert story.update({"a.bin": "theirs\0"}) == {"a.bin": Outcome.CONFLICT}
    assert (story.text("a.bin"), story.text("a.bin.new")) == ("mine\0", "theirs\0")


@pytest.mark.parametrize("left", ["conflict", "link"])
def test_what_was_left_beside_is_not_written_over(left: str, story: Story) -> None:
    story.generate({"a.bin": "old\0", "b.txt": "old\n"})
    story.edit("a.bin", "mine\0")
    if left == "conflict":
        story.update({"a.bin": "theirs\0", "b.txt": "old\n"})
    else:
        (story.project / "a.bin.new").symlink_to("nowhere")
    with pytest.raises(TemplateError, match=r"a\.bin\.new: a conflict that nobody has settled") as caught:
        story.update({"a.bin": "newest\0", "b.txt": "new\n"})
    assert "keep one of the two as a.bin" in caught.value.hint
    assert story.text("b.txt") == "old\n"
    # Settled for one's own, it is merged from the version that was beside, as every other file.
    (story.project / "a.bin.new").unlink()
    assert story.update({"a.bin": "newest\0", "b.txt": "new\n"})["a.bin"] is Outcome.CONFLICT


def test_a_file_of_that_name_beside_a_text_is_the_users(story: Story) -> None:
    story.generate({"a.txt": "old\n"})
    story.edit("a.txt.new", "mine\n")
    assert story.update({"a.txt": "new\n"}) == {"a.txt": Outcome.UPDATED}
    assert story.text("a.txt.new") == "mine\n"


def test_an_update_after_an_update_merges_from_the_last(story: Story) -> None:
    story.generate({"a.txt": "".join(LINES)})
    story.edit("a.txt", changed(2, "mine\n"))
    story.update({"a.txt": changed(8, "two\n")})
    story.release("3.0.0", {"a.txt": changed(8, "three\n")})
    result = update(UpdateRequest(folder=story.project))
    assert [change.outcome for change in result.changes] == [Outcome.MERGED]
    assert story.text("a.txt") == changed(2, "mine\n").replace("line 8\n", "three\n")
    assert (result.before, result.after) == ("2.0.0", "3.0.0")


def test_a_failure_in_the_middle_changes_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.generate({"a.txt": "old\n", "b.txt": "old\n"})
    before = {path: path.read_bytes() for path in story.project.rglob("*") if path.is_file()}
    whole = writing.write_whole

    def full(path: Path, content: bytes) -> None:
        if path.name == "b.txt":
            raise OSError(28, "No space left on device", str(path))
        whole(path, content)

    monkeypatch.setattr("infraguard.scaffold.apply.write_whole", full)
    with pytest.raises(TemplateError, match=r"b\.txt cannot be written: No space left"):
        story.update({"a.txt": "new\n", "b.txt": "new\n"})
    assert {path: path.read_bytes() for path in story.project.rglob("*") if path.is_file()} == before


def test_uncommitted_changes_are_not_mixed_with(story: Story) -> None:
    story.generate({"a.txt": "old\n"})
    who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=story.project, check=True)
    story.edit("a.txt", "mine\n")
    story.release("2.0.0", {"a.txt": "new\n"})
    with pytest.raises(UsageError, match="changes that are not committed"):
        update(UpdateRequest(folder=story.project))
    assert update(UpdateRequest(folder=story.project, dirty=True)).conflicts == 1


def test_the_check_names_every_difference_and_changes_nothing(story: Story) -> None:
    story.generate({"a.txt": "old\n", "b.txt": "x\n", "c.txt": "x\n"})
    assert check(story.project).differences == ()
    story.edit("a.txt", "mine\n")
    story.edit("b.txt", None)
    story.release("2.0.0", {"a.txt": "old\n", "b.txt": "x\n", "new.txt": "x\n"})
    result = check(story.project)
    assert {one.path: one.state for one in result.differences} == {
        "a.txt": "changed",
        "b.txt": "deleted",
        "c.txt": "no longer in the template",
        "new.txt": "missing",
    }
    assert not result.is_current
    assert story.text("a.txt") == "mine\n"


CONFLICT = "one\n<<<<<<< yours\nmine\n||||||| as generated\nold\n=======\nnew\n>>>>>>> newer template\n"


def test_conflicts_that_nobody_settled_are_not_merged_into(story: Story) -> None:
    story.generate({"a.txt": "old\n", "docs/b.txt": "old\n"})
    story.edit("docs/b.txt", CONFLICT)
    story.edit("a.txt", "x\nx\n" + CONFLICT)
    with pytest.raises(TemplateError, match=r"a\.txt:4: a conflict that nobody has settled, and 1 more"):
        story.update({"a.txt": "new\n", "docs/b.txt": "new\n"})
    assert story.text("docs/b.txt") == CONFLICT
    assert read_record(story.project).version == "1.0.0"


@pytest.mark.parametrize("text", ["Title\n=======\n", "<<<<<<< one marker\n", "  <<<<<<< a\n  >>>>>>> b\n"])
def test_what_only_looks_like_a_conflict_is_text(text: str, story: Story) -> None:
    story.generate({"a.txt": "old\n", "b.txt": "old\n"})
    story.edit("a.txt", text)
    assert story.update({"a.txt": "old\n", "b.txt": "new\n"}) == {"b.txt": Outcome.UPDATED}
    assert story.text("a.txt") == text


def test_a_conflict_that_the_template_itself_shows_is_text(story: Story) -> None:
    story.generate({"a.txt": CONFLICT})
    assert story.update({"a.txt": "new\n"}) == {"a.txt": Outcome.UPDATED}


@pytest.mark.parametrize("linked", ["docs", "docs/b.txt", ".infraguard"])
def test_nothing_is_written_through_a_link_that_leads_outside(linked: str, story: Story, tmp_path: Path) -> None:
    story.generate({"a.txt": "old\n", "docs/b.txt": "old\n"})
    outside = tmp_path / "outside"
    (story.project / linked).rename(outside)
    (story.project / linked).symlink_to(outside)
    before = {path: path.read_bytes() for path in [outside, *outside.rglob("*")] if path.is_file()}
    with pytest.raises(TemplateError, match=rf"{linked} is a link that leads outside"):
        story.update({"a.txt": "new\n", "docs/b.txt": "new\n"})
    assert {path: path.read_bytes() for path in before} == before
    assert story.text("a.txt") == "old\n"


def test_links_in_circles_lead_nowhere(story: Story) -> None:
    story.generate({"a.txt": "old\n", "docs/b.txt": "old\n"})
    story.edit("docs/b.txt", None)
    (story.project / "docs/b.txt").symlink_to("b.txt")
    assert story.update({"a.txt": "new\n", "docs/b.txt": "new\n"})["a.txt"] is Outcome.UPDATED


@pytest.mark.parametrize("damage", ["gone", "cut", "other"])
def test_without_what_was_made_nothing_is_merged(damage: str, story: Story, tmp_path: Path) -> None:
    story.generate({"a.txt": "old\n"})
    pristine = shutil.copytree(story.project, tmp_path / "pristine")
    base = story.project / BASE
    if damage == "gone":
        base.unlink()
    elif damage == "cut":
        base.write_bytes(base.read_bytes()[:40])
    else:
        base.write_bytes(packed(()))
    story.release("2.0.0", {"a.txt": "new\n"})
    with pytest.raises(TemplateError, match=r"base\.tar\.xz"):
        update(UpdateRequest(folder=story.project))
    assert story.text("a.txt") == "old\n"
    update(UpdateRequest(folder=story.project, base=Path(pristine)))
    assert story.text("a.txt") == "new\n"


@pytest.mark.parametrize("content", [None, "", "[]", "template: t\n", "{", "template: t\nversion: 1\nanswers: [a]\n"])
def test_what_was_not_generated_is_refused(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ".infraguard").mkdir()
        (tmp_path / RECORD).write_text(content, "utf-8")
    with pytest.raises(TemplateError, match=r"answers\.yaml"):
        check(tmp_path)


def test_packing_depends_on_contents_alone(story: Story) -> None:
    story.generate({"b.txt": "x\n", "a/c.txt": "y\n"})
    base = (story.project / BASE).read_bytes()
    files = unpacked(base, "x")
    assert packed(tuple(files[path] for path in sorted(files))) == base
