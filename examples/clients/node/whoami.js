// Asks the hub who it takes us for, then lists what is new on the Channel route.
//
//   npm install
//   node whoami.js localhost:7443 hub-ca.crt gateway.crt gateway.key
//
// The client is made at run time from image.binpb, the schema as the hub ships it:
// there is nothing to generate. Fields have the names of the proto files.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const image = path.join(__dirname, '..', '..', '..', 'image.binpb');

async function main([endpoint, hubCa, cert, key]) {
  const definition = loader.loadFileDescriptorSetFromBuffer(fs.readFileSync(image), {
    longs: String, // 64-bit numbers do not fit into a JavaScript number
    enums: String,
    arrays: true, // an empty list is [] and not undefined
    oneofs: true,
  });
  const { entente } = grpc.loadPackageDefinition(definition);
  const credentials = grpc.credentials.createSsl(
    fs.readFileSync(hubCa), fs.readFileSync(key), fs.readFileSync(cert));

  const agencies = new entente.v1.AgencyService(endpoint, credentials);
  const me = await call(agencies, 'WhoAmI', {});
  console.log(`${me.agency}, certificate valid until ${time(me.certificate_expire_time)}`);

  const intelligence = new entente.v1.IntelligenceService(endpoint, credentials);
  const page = await call(intelligence, 'QueryIntelligenceItems', {
    justification: { purpose: 'PROCESSING_PURPOSE_PREVENTION', reason: 'morning overview' },
    query: { routes: ['SMUGGLING_ROUTE_ENGLISH_CHANNEL'] },
    page_size: 10,
  });
  for (const item of page.intelligence_items) {
    console.log(`${item.metadata.name}  ${item.summary.title}`);
  }
  agencies.close();
  intelligence.close();
}

// call is one unary call, ended by us if the hub does not answer in time.
function call(client, method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, { deadline: Date.now() + 10_000 }, (err, answer) => (err ? reject(err) : resolve(answer)));
  });
}

function time(t) {
  return new Date(Number(t.seconds) * 1000).toISOString();
}

main(process.argv.slice(2)).catch((err) => {
  console.error(err.message);
  process.exitCode = 1;
});
