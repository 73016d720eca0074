"""Whom images run as that others start from, as far as their makers say it."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.docker.official import OFFICIAL
from infraguard.readers.patterns import pattern

#: Docker's own images of programs that set a user; all others are root's.
_OFFICIAL_WITH_USER: Final = frozenset(
    {"elasticsearch", "kibana", "logstash", "sonarqube", "solr", "odoo", "memcached", "haproxy", "varnish", "jetty"}
    | {"emqx", "kong", "spark"}
)
#: Where Docker's own images are had from by their names: its library, and mirrors of it in other registries.
_LIBRARIES: Final = pattern(
    r"(?i)(?:[\w.:-]+/)*(?:library|docker|docker[-_.]?(?:hub|io|official|proxy|remote|mirror|virtual)"
    r"|hub|dependency_proxy/containers)/(?P<name>[\w.-]+)\Z"
)
#: Images whose makers set a user that is not root.
_WITH_USER: Final = pattern(
    r"""(?x)
    (?:docker\.io/)?(?:
      nginxinc/nginx-unprivileged | bitnami(?:legacy)?/(?!minideb) | apache/airflow | jenkins/jenkins | jupyter/
      | mambaorg/micromamba | opensearchproject/ | confluentinc/cp- | selenium/ | curlimages/curl | zaproxy/
      | prom/(?:prometheus|alertmanager|node-exporter|pushgateway) | grafana/(?:grafana(?:-\w+)?|loki) | chainguard/
    )
    | quay\.io/(?:keycloak/keycloak|jupyter/|prometheus/(?:prometheus|alertmanager|node-exporter)) | ghcr\.io/zitadel/
    | docker\.elastic\.co/(?:elasticsearch|kibana|logstash)/ | cgr\.dev/chainguard/
    | registry\.access\.redhat\.com/ubi\d+/(?:python|nodejs|php|ruby|perl|go-toolset|nginx|httpd|openjdk|dotnet)
    """
)
#: Images whose makers set none.
_ROOT: Final = pattern(
    r"""(?x)
    (?:docker\.io/)?(?:
      nvidia/cuda | tiangolo/ | localstack/ | cypress/ | oven/bun | denoland/deno | amazon/aws-cli | postgis/postgis
      | pgvector/pgvector | continuumio/miniconda3 | condaforge/ | pytorch/pytorch | tensorflow/tensorflow
      | phusion/baseimage | rockylinux/ | astral/uv
    )
    | nvcr\.io/nvidia/cuda | ghcr\.io/astral-sh/uv | mcr\.microsoft\.com/(?:playwright|azure-functions)
    | registry\.access\.redhat\.com/ubi\d+(?:/ubi(?:-minimal|-micro|-init)?)?\Z | gcr\.io/distroless/
    | public\.ecr\.aws/(?:amazonlinux|ubuntu|debian)/
    """
)


def official_name(image: str) -> str:
    """The name by which Docker itself keeps an image; empty for an image of somebody else."""
    found = _LIBRARIES.match(image)
    name = found["name"] if found else image
    return name if name.lower() in OFFICIAL else ""


def user_of(image: str, tag: str) -> str:
    """`root`, or `nonroot`; empty where nothing here tells it."""
    if tag == "root" or "nonroot" in tag:
        return tag if tag == "root" else "nonroot"
    if name := official_name(image):
        return "nonroot" if name in _OFFICIAL_WITH_USER else "root"
    return "nonroot" if _WITH_USER.match(image) else "root" if _ROOT.match(image) else ""
