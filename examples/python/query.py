"""Lists what the caller may read, newest first.

    python3 query.py localhost:7443 hub-ca.crt gateway.crt gateway.key

Run it where generate.py has put the client.
"""

import sys

import grpc
from google.rpc import error_details_pb2, status_pb2

from entente.v1 import intelligence_service_pb2, intelligence_service_pb2_grpc, justification_pb2


def read(name):
    with open(name, "rb") as file:
        return file.read()


def reason(error):
    """The stable reason of a failure, as docs/errors.md lists it."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return info.reason
    return ""


def main(address, authority, certificate, key):
    tls = grpc.ssl_channel_credentials(read(authority), read(key), read(certificate))
    with grpc.secure_channel(address, tls) as channel:
        hub = intelligence_service_pb2_grpc.IntelligenceServiceStub(channel)
        request = intelligence_service_pb2.QueryIntelligenceItemsRequest(
            justification=justification_pb2.Justification(
                purpose=justification_pb2.PROCESSING_PURPOSE_EXERCISE, reason="trying the Python client"
            ),
            include_total=True,
        )
        try:
            answer = hub.QueryIntelligenceItems(request, timeout=10)
        except grpc.RpcError as error:
            sys.exit(f"{error.code().name} {reason(error)}: {error.details()}")
        print(answer.total_size)
        for item in answer.intelligence_items:
            print(item.metadata.name, item.summary.title)


if __name__ == "__main__":
    main(*sys.argv[1:])
