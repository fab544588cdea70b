// Lists what the caller may read, newest first.
//
//   node query.js ../../image.binpb localhost:7443 hub-ca.crt gateway.crt gateway.key
//
// The client is made from the descriptors while it runs. Descriptors keep the
// spelling of the proto files, so fields are page_size and not pageSize; a field
// that is misspelt would be left out in silence.
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [image, address, authority, certificate, key] = process.argv.slice(2);
const descriptors = loader.loadFileDescriptorSetFromBuffer(fs.readFileSync(image), {
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { entente } = grpc.loadPackageDefinition(descriptors);
const tls = grpc.credentials.createSsl(fs.readFileSync(authority), fs.readFileSync(key), fs.readFileSync(certificate));
const hub = new entente.v1.IntelligenceService(address, tls);

const request = {
  justification: { purpose: 'PROCESSING_PURPOSE_EXERCISE', reason: 'trying the Node client' },
  include_total: true,
};
hub.queryIntelligenceItems(request, { deadline: Date.now() + 10_000 }, (error, answer) => {
  if (error) {
    console.error(grpc.status[error.code], error.details);
    process.exitCode = 1;
  } else {
    console.log(answer.total_size);
    for (const item of answer.intelligence_items) console.log(item.metadata.name, item.summary.title);
  }
  hub.close();
});
