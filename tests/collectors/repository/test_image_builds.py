"""Images that workflows build: by what, whether they are pushed, and whether their digest is handed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import Unknown

Collect = Callable[[Mapping[str, str | bytes]], Evidence]
BUILD = "docker/build-push-action@v6"


def builds(collect: Collect, *steps: str, outputs: str = "", on: str = "push") -> list[Resource]:
    text = f"on: {on}\njobs:\n  image:\n    runs-on: ubuntu-24.04\n{outputs}    steps:\n"
    text += "".join(f"      - {step}\n" for step in steps)
    evidence = collect({".github/workflows/build.yml": text})
    return [resource for resource in evidence.resources if resource.kind == "image_build"]


@pytest.mark.parametrize(
    ("step", "by", "pushes"),
    [
        (f"uses: {BUILD}", "docker/build-push-action", False),
        (f"{{uses: {BUILD}, with: {{push: true}}}}", "docker/build-push-action", True),
        (f'{{uses: {BUILD}, with: {{push: "false"}}}}', "docker/build-push-action", False),
        (f'{{uses: {BUILD}, with: {{outputs: "type=registry"}}}}', "docker/build-push-action", True),
        (f'{{uses: {BUILD}, with: {{outputs: "type=image,name=a,push=true"}}}}', "docker/build-push-action", True),
        ("{uses: Docker/Bake-Action@v5, with: {push: true}}", "Docker/Bake-Action", True),
        ("{uses: depot/build-push-action@v1, with: {push: true}}", "depot/build-push-action", True),
        ("uses: redhat-actions/buildah-build@v2", "redhat-actions/buildah-build", False),
        ("run: docker build -t app .", "docker build -t", False),
        ("run: docker build -t app . && docker push app", "docker build -t", True),
        ("run: docker buildx build --push -t app .", "docker buildx build", True),
        ("run: podman build -t app .", "podman build -t", False),
    ],
)
def test_what_builds_an_image_and_whether_it_pushes_it(step: str, by: str, pushes: bool, collect: Collect) -> None:
    (found,) = builds(collect, step)
    assert (found.attributes["by"], found.attributes["pushes"]) == (by, pushes)


@pytest.mark.parametrize(
    "step",
    [
        "uses: docker/setup-buildx-action@v3",
        "uses: docker/metadata-action@v5",
        "run: docker compose build",
        "run: docker run app build",
        "run: docker pull app",
        "run: echo docker build .",
    ],
)
def test_what_only_speaks_of_images_builds_none(step: str, collect: Collect) -> None:
    assert builds(collect, step) == []


@pytest.mark.parametrize(
    ("expression", "pushes"),
    [
        ("github.event_name != 'pull_request'", True),
        ("github.ref == 'refs/heads/main'", True),
        ("github.event_name == 'release'", False),
        ("github.repository == 'me/mine' && github.actor == 'me'", None),
        ("inputs.push", None),
    ],
)
def test_a_push_that_an_expression_decides(collect: Collect, expression: str, pushes: bool | None) -> None:
    found = builds(collect, f'{{uses: {BUILD}, with: {{push: "${{{{ {expression} }}}}"}}}}')[0].attributes["pushes"]
    assert (None if isinstance(found, Unknown) else found) is pushes


@pytest.mark.parametrize(
    ("step", "context"),
    [
        (f"uses: {BUILD}", "."),
        (f"{{uses: {BUILD}, with: {{context: services/api}}}}", "services/api"),
        ("run: docker build -t app services/api", "services/api"),
    ],
)
def test_what_it_is_built_from(step: str, context: str, collect: Collect) -> None:
    assert builds(collect, step)[0].attributes["context"] == context


@pytest.mark.parametrize(
    ("steps", "outputs", "hands_on"),
    [
        ((f"{{id: image, uses: {BUILD}}}",), "", False),
        ((f"{{id: image, uses: {BUILD}}}", "run: echo ${{ steps.image.outputs.digest }}"), "", False),
        ((f"{{id: image, uses: {BUILD}}}", "run: cosign sign app@${{ steps.image.outputs.digest }}"), "", True),
        ((f"{{id: image, uses: {BUILD}}}", "run: echo ${{ steps.image.outputs.digest }} > image.txt"), "", True),
        ((f"{{id: image, uses: {BUILD}}}", "run: echo ${{ steps.other.outputs.digest }}"), "", False),
        ((f"{{id: image, uses: {BUILD}}}",), "    outputs: {image: '${{ steps.image.outputs.digest }}'}\n", True),
        ((f"{{id: image, uses: {BUILD}}}",), "    outputs: {image: '${{ steps.image.outputs.imageid }}'}\n", False),
        ((f"uses: {BUILD}", "run: echo ${{ steps.image.outputs.digest }}"), "", False),
    ],
)
def test_a_digest_is_handed_on_by_a_later_step_or_the_outputs_of_the_job(
    steps: tuple[str, ...], outputs: str, hands_on: bool, collect: Collect
) -> None:
    assert builds(collect, *steps, outputs=outputs)[0].attributes["hands_on_digest"] is hands_on


def test_a_step_that_builds_twice_is_one_build_and_two_steps_are_two(collect: Collect) -> None:
    found = builds(collect, "{name: both, run: docker build a && docker build b}", f"{{name: third, uses: {BUILD}}}")
    assert [each.id.rpartition("#")[2] for each in found] == ["image/both/image", "image/third/image"]
    assert found[0].references["step"] == (".github/workflows/build.yml#image/both",)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("{push: {branches: [main]}}", {"runs_on_changes": True, "pull_requests": "never"}),
        ("{push: {tags: [v*]}}", {"runs_on_changes": False}),
        ("workflow_dispatch", {"runs_on_changes": False, "pull_requests": "never"}),
        ("{push: , pull_request: }", {"runs_on_changes": True, "pull_requests": "every"}),
    ],
)
def test_what_starts_a_build(on: str, expected: dict[str, Any], collect: Collect) -> None:
    attributes = builds(collect, "run: docker build .", on=on)[0].attributes
    assert {key: attributes[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("uses", "is_one"),
    [
        ("acme/action-builder-ghcr@v4", True),
        ("acme/docker-build-and-push@v1", True),
        ("acme/actions/build-image@v1", True),
        ("docker/setup-buildx-action@v3", False),
        ("acme/scan-docker-build@v1", False),
        ("acme/build-report@v1", False),
    ],
)
def test_an_action_that_is_named_after_building_images_may_push_them(collect: Collect, uses: str, is_one: bool) -> None:
    found = builds(collect, f"uses: {uses}")
    assert bool(found) is is_one
    assert all(isinstance(each.attributes["pushes"], Unknown) for each in found)
