'use strict';
// What the Node apps here are made of, each part as a healthy app has it. An app replaces one part, and that is its defect.
const http = require('node:http');

/** Thrown by a handler: the answer is this status. */
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves routes such as { 'GET /work': handler, 'PUT /notes/*': handler }. A handler gets the request and the response; it returns the answer's
 * text, or undefined if it has answered itself.
 * prepare: awaited before the app listens. ready: what the health check says. stop: called on SIGTERM.
 */
async function serve(routes, { prepare = async () => {}, ready = () => true, stop = stopServing } = {}) {
  const all = { 'GET /': () => 'Hello.\n', 'GET /healthz': () => health(ready), ...routes };
  const server = http.createServer((request, response) => answer(all, request, response));
  process.on('SIGTERM', () => stop(server));
  await prepare();
  server.listen(Number(process.env.PORT) || 3000, '127.0.0.1');
  return server;
}

/** Finishes what is in flight, then ends. */
function stopServing(server) {
  server.close(() => process.exit(0));
}

function health(ready) {
  if (!ready()) throw new Refusal(503, 'not ready');
  return 'ready\n';
}

async function answer(routes, request, response) {
  try {
    const text = await find(routes, request)(request, response);
    if (text !== undefined) reply(response, 200, text);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else reply(response, error.status ?? 500, `${error.message}\n`, error.status === 503 ? { 'Retry-After': '1' } : {});
  }
}

function find(routes, request) {
  const path = request.url.split('?')[0];
  const of = method => routes[`${method} ${path}`] ?? routes[`${method} /${path.split('/')[1]}/*`];
  const handler = of(request.method === 'HEAD' ? 'GET' : request.method);
  if (!handler) throw new Refusal(404, 'Not here.');
  return handler;
}

function reply(response, status, text, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text), ...headers }).end(text);
}

/** The body of a request as text. */
async function read(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

/** Work that takes so many milliseconds. */
function take(milliseconds) {
  return new Promise(resolve => { setTimeout(resolve, milliseconds); });
}

/** So many at once; the others stand in line, without end, as in most apps: Mainstay sees to it that the line stays short. */
class Pool {
  constructor(places) {
    this.free = places;
    this.line = [];
  }

  async run(work) {
    if (this.free > 0) this.free--;
    else await new Promise(resolve => { this.line.push(resolve); });
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** Work of 20 ms with 4 places: 200 requests/s at most. */
function work(places = new Pool(4)) {
  return () => places.run(async () => { await take(20); return 'worked\n'; });
}

module.exports = { serve, stopServing, reply, read, take, work, Pool, Refusal };
