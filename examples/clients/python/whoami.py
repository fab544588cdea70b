"""Asks the hub who it takes us for, then lists what is new on the Channel route.

    python3 whoami.py localhost:7443 hub-ca.crt gateway.crt gateway.key

The modules below entente/ are generated; README.md says how.
"""

import pathlib
import sys

import grpc

from entente.v1 import agency_service_pb2 as agency
from entente.v1 import agency_service_pb2_grpc as agency_grpc
from entente.v1 import intelligence_pb2 as intel
from entente.v1 import intelligence_service_pb2 as intel_service
from entente.v1 import intelligence_service_pb2_grpc as intel_grpc
from entente.v1 import justification_pb2 as justification

DEADLINE = 10  # seconds; a call without one waits as long as the hub lets it


def dial(endpoint, hub_ca, cert, key):
    """A channel over mutual TLS; made with the first call, closed by the caller."""
    read = lambda name: pathlib.Path(name).read_bytes()
    credentials = grpc.ssl_channel_credentials(
        root_certificates=read(hub_ca), private_key=read(key), certificate_chain=read(cert))
    return grpc.secure_channel(endpoint, credentials)


def main(endpoint, hub_ca, cert, key):
    with dial(endpoint, hub_ca, cert, key) as channel:
        me = agency_grpc.AgencyServiceStub(channel).WhoAmI(agency.WhoAmIRequest(), timeout=DEADLINE)
        print(f"{me.agency}, certificate valid until {me.certificate_expire_time.ToJsonString()}")

        page = intel_grpc.IntelligenceServiceStub(channel).QueryIntelligenceItems(
            intel_service.QueryIntelligenceItemsRequest(
                justification=justification.Justification(
                    purpose=justification.PROCESSING_PURPOSE_PREVENTION, reason="morning overview"),
                query=intel_service.IntelligenceItemQuery(routes=[intel.SMUGGLING_ROUTE_ENGLISH_CHANNEL]),
                page_size=10,
            ), timeout=DEADLINE)
        for item in page.intelligence_items:
            print(f"{item.metadata.name}  {item.summary.title}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except grpc.RpcError as err:
        sys.exit(f"{err.code().name}: {err.details()}")
