'use strict';
// The app of the storm: work that has few places, a price that a dependency knows, orders that must not be carried out twice. As simple as most apps:
// it stands in line without end, works on for clients that have gone, and waits for its dependency for ever.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const places = { free: 2, line: [] };
const orders = path.join(process.env.ORDERS, String(process.pid));
const agent = new http.Agent({ keepAlive: true });

/** 20 ms on one of the places. */
async function work() {
  if (places.free > 0) places.free--;
  else await new Promise(resolve => { places.line.push(resolve); });
  await new Promise(resolve => { setTimeout(resolve, 20); });
  const next = places.line.shift();
  if (next) next();
  else places.free++;
}

function price() {
  return new Promise((resolve, reject) => {
    http.get(process.env.PRICES_URL, { agent }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', piece => { text += piece; }).on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });
}

function reply(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text) }).end(text);
}

const routes = {
  'GET /healthz': async (_, response) => reply(response, 200, 'ready\n'),
  'GET /work': async (_, response) => { await work(); reply(response, 200, 'worked\n'); },
  'GET /price': async (_, response) => reply(response, 200, await price()),
  'POST /orders': async (request, response) => {
    fs.appendFileSync(orders, `${request.headers['order-id']}\n`);
    await work();
    reply(response, 201, 'ordered\n');
  },
};

const server = http.createServer((request, response) => {
  request.resume();
  const route = routes[`${request.method} ${request.url}`];
  if (!route) return reply(response, 404, 'not here\n');
  route(request, response).catch(error => reply(response, 502, `${error.message}\n`));
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));
server.listen(Number(process.env.PORT), '127.0.0.1');
