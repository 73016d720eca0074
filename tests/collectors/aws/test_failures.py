"""What each way of failing is called, and that each comes with a remedy."""

from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from infraguard.collectors.aws.failures import failure_of
from infraguard.model.evidence import GapReason


def answered(code: str, status: int = 400, message: str = "no") -> exceptions.ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return exceptions.ClientError(response, "DescribeDBInstances")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        *((code, 403, GapReason.DENIED) for code in ("AccessDenied", "UnauthorizedOperation", "AuthorizationError")),
        ("AccessDeniedException", 400, GapReason.DENIED),
        *((code, 400, GapReason.DENIED) for code in ("ExpiredToken", "ExpiredTokenException", "RequestExpired")),
        ("SignatureDoesNotMatch", 403, GapReason.DENIED),
        *((code, 400, GapReason.THROTTLED) for code in ("Throttling", "ThrottlingException", "SlowDown")),
        ("RequestLimitExceeded", 503, GapReason.THROTTLED),
        ("TooManyRequestsException", 429, GapReason.THROTTLED),
        *((code, 401, GapReason.UNSUPPORTED) for code in ("AuthFailure", "OptInRequired", "InvalidClientTokenId")),
        ("UnrecognizedClientException", 400, GapReason.UNSUPPORTED),
        ("InvalidAction", 400, GapReason.UNSUPPORTED),
        ("InternalFailure", 500, GapReason.UNREACHABLE),
        ("ServiceUnavailable", 503, GapReason.UNREACHABLE),
        *((code, int(code), GapReason.INVALID) for code in ("403", "404", "500", "502")),
        ("", 404, GapReason.INVALID),
        ("DBInstanceNotFound", 404, GapReason.INVALID),
        ("ValidationError", 400, GapReason.INVALID),
    ],
)
def test_answers(code: str, status: int, reason: GapReason) -> None:
    failure = failure_of(answered(code, status), "rds:DescribeDBInstances", "eu-west-1")
    assert failure.reason is reason
    assert failure.remedy
    assert (code or str(status)) in failure.detail


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (exceptions.ReadTimeoutError(endpoint_url="https://rds"), GapReason.TIMED_OUT),
        (exceptions.ConnectTimeoutError(endpoint_url="https://rds"), GapReason.TIMED_OUT),
        (exceptions.EndpointConnectionError(endpoint_url="https://rds"), GapReason.UNREACHABLE),
        (exceptions.ConnectionClosedError(endpoint_url="https://rds"), GapReason.UNREACHABLE),
        (exceptions.ProxyConnectionError(proxy_url="https://proxy"), GapReason.UNREACHABLE),
        (exceptions.SSLError(endpoint_url="https://rds", error=OSError("certificate")), GapReason.UNREACHABLE),
        (exceptions.ResponseStreamingError(error="cut"), GapReason.INVALID),
        (exceptions.NoCredentialsError(), GapReason.DENIED),
        (exceptions.CredentialRetrievalError(provider="sso", error_msg="gone"), GapReason.DENIED),
        (exceptions.UnauthorizedSSOTokenError(), GapReason.DENIED),
        (exceptions.LoginRefreshRequired(), GapReason.DENIED),
        (exceptions.NoRegionError(), GapReason.UNSUPPORTED),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="gone"), GapReason.DENIED),
        (exceptions.InvalidRegionError(region_name="eu west"), GapReason.UNSUPPORTED),
        (exceptions.PaginationError(message="the same token twice"), GapReason.INVALID),
        (ResponseParserError("not XML"), GapReason.INVALID),
    ],
)
def test_what_is_no_answer(error: Exception, reason: GapReason) -> None:
    failure = failure_of(error, "rds:DescribeDBInstances", "eu-west-1")
    assert failure.reason is reason
    assert failure.remedy
    assert type(error).__name__ in failure.detail


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (answered("AccessDenied", 403), "allow rds:DescribeDBInstances"),
        (answered("AccessDenied", 403, "with an explicit deny in a service control policy"), "organization"),
        (answered("ExpiredToken", 403), "renew the credentials"),
        (answered("RequestExpired"), "clock"),
        (answered("OptInRequired", 403), "enable eu-west-1"),
        (answered("Throttling"), "fewer"),
        (exceptions.EndpointConnectionError(endpoint_url="https://rds"), "the network to rds"),
    ],
)
def test_the_remedy_is_what_to_do(error: Exception, words: str) -> None:
    assert words in failure_of(error, "rds:DescribeDBInstances", "eu-west-1").remedy


def test_details_are_one_short_line() -> None:
    detail = failure_of(answered("ValidationError", message="a\nb " * 1000), "rds:X", "eu-west-1").detail
    assert len(detail) == 300
    assert "\n" not in detail
