"""Who issued a certificate, as far as a configuration or ACM tells."""

from __future__ import annotations

from typing import Any, Final

from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import references_at
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource, Source
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

_OWN: Final = pattern(r"(?:^|\.)tls_(?:self_signed|locally_signed)_cert\.")
_ACME: Final = pattern(r"(?:^|\.)acme_certificate\.")
_BODY: Final = "certificate_body"


def trusted_issuer(item: Item, _: World) -> Trace:
    """Whether a public authority issued the certificate; of an imported one nothing tells."""
    certificate = item.resource
    truth, issuer, why = _judged(certificate)
    return Trace(
        operator="trusted_issuer",
        truth=truth,
        path="issuer",
        expected="a public authority",
        observed=issuer or None,
        location=item.place(_BODY if _BODY in certificate.attributes else "certificate_authority_arn"),
        **why,
    )


def _judged(certificate: Resource) -> tuple[Truth, str, dict[str, Any]]:
    authority = known(lookup(certificate.attributes, "certificate_authority_arn"))
    if isinstance(authority, (Unknown, Denied)) and not getattr(authority, "is_set", False):
        return None, "", why_unread(authority)
    if authority not in (ABSENT, ""):
        return False, "a private authority of your own", {}
    body = known(lookup(certificate.attributes, _BODY))
    made_by = " ".join(references_at(certificate, _BODY, body)) if body is not ABSENT else ""
    if _OWN.search(made_by):
        return False, "a key of this configuration", {}
    if _ACME.search(made_by):
        return True, "an ACME authority", {}
    if body is not ABSENT:
        return None, "", _unseen(certificate)
    return _told(certificate)


def _told(certificate: Resource) -> tuple[Truth, str, dict[str, Any]]:
    """What ACM says of the certificate; what it is asked to make, Amazon issues."""
    kind: Value = known(lookup(certificate.attributes, "type"))
    if isinstance(kind, (Unknown, Denied)) and certificate.source is Source.AWS:
        return None, "", why_unread(kind)
    if kind == "PRIVATE":
        return False, "a private authority of your own", {}
    if kind != "IMPORTED":
        return True, "Amazon", {}
    issuer, subject = (known(lookup(certificate.attributes, name)) for name in ("issuer", "subject"))
    if isinstance(issuer, str) and issuer == subject:
        return False, f"itself ({as_text(issuer)})", {}
    return None, "", _unseen(certificate)


def _unseen(certificate: Resource) -> dict[str, Any]:
    return {
        "reason": f"{certificate.id} is imported, and who issued it does not show here",
        "remedy": "request it from ACM, or scan the endpoint that serves it",
        "depends_on": (f"{certificate.id}.{_BODY}",),
    }
