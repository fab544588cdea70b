"""Generates the Python client from image.binpb, in the current folder.

    python3 generate.py path/to/image.binpb

Needs grpcio-tools (Debian: python3-grpc-tools) and nothing of this repository but
the one file, which holds every schema that ours import.
"""

import sys

from google.protobuf import descriptor_pb2
from grpc_tools import protoc

with open(sys.argv[1], "rb") as file:
    image = descriptor_pb2.FileDescriptorSet.FromString(file.read())
ours = [f.name for f in image.file if not f.name.startswith(("google/protobuf/", "entente/internal/"))]
sys.exit(protoc.main(["", "--descriptor_set_in=" + sys.argv[1], "--python_out=.", "--grpc_python_out=.", *ours]))
